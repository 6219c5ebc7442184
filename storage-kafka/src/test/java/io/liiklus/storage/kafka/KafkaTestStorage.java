package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.MapSettings;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageContext;
import io.liiklus.testing.SharedKafka;
import java.util.HashMap;
import java.util.Map;

/** Opens storages for tests. */
public final class KafkaTestStorage {

  private KafkaTestStorage() {}

  public static MapSettings settings(String bootstrapServers) {
    return new MapSettings(
            Map.of(
                "bootstrapServers", bootstrapServers,
                "waitingPublishes", "1 MiB",
                "revokeTimeout", "5s",
                "closeTimeout", "5s",
                "topicCheckInterval", "200ms",
                "topicCreationTimeout", "5s",
                "topicAge", "1s",
                "unreadableRecords", "fail"))
        .with("tailCache", "1 MiB")
        .with("tailCaches", "32 MiB")
        .with("tailReaders", "2")
        .with("catchUpReaders", "16")
        .with("catchUpCpuPercent", "0")
        .with("sharedScan", "32 MiB")
        .with("prefetch", "1 MiB")
        .with("memberThreads", "2")
        .with("startAtCommitted", "true")
        .with("positions.mirrorCommits", "false")
        .with("positions.topic", "liiklus-positions");
  }

  /** On the shared broker; metadata is refreshed often, to notice added partitions soon. */
  static RecordsStorage open(Map<String, String> changed) {
    var all = new HashMap<String, String>(Map.of("properties.metadata.max.age.ms", "1000"));
    all.putAll(changed);
    var settings = settings(SharedKafka.cluster().bootstrapServers());
    for (var entry : all.entrySet()) {
      settings = settings.with(entry.getKey(), entry.getValue());
    }
    return open(settings);
  }

  public static RecordsStorage open(MapSettings settings) {
    var storage = new KafkaRecordsStorageFactory().open(settings, StorageContext.NONE);
    assertThat(settings.refused()).isEmpty();
    return storage;
  }
}
