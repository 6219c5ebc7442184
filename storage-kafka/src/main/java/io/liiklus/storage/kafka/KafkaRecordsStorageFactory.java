package io.liiklus.storage.kafka;

import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.read.CpuTargetThrottle;
import java.util.List;

/** Makes {@link KafkaRecordsStorage}. Immutable. */
public final class KafkaRecordsStorageFactory implements RecordsStorageFactory {

  @Override
  public String type() {
    return "KAFKA";
  }

  @Override
  public String settingsRoot() {
    return "kafka";
  }

  @Override
  public List<String> configuredBy() {
    return List.of("bootstrapServers");
  }

  @Override
  public void check(Settings settings) {
    KafkaSettings.read(settings);
  }

  @Override
  public RecordsStorage open(Settings settings, StorageContext context) {
    return KafkaRecordsStorage.open(KafkaSettings.read(settings), CpuTargetThrottle.Load::now);
  }
}
