package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.GroupId;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.read.CpuTargetThrottle;
import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.SharedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a storage that is closed, or does not open, leaves behind: nothing. */
class ClosedStorageIT {

  private static final Duration BOUND = Duration.ofSeconds(30);

  private final KafkaCluster cluster = SharedKafka.cluster();
  private final String topic = "topic-" + UUID.randomUUID();
  private final String group = "group-" + UUID.randomUUID();

  @Test
  void subscriptionsOfAClosedStorage_haveLeftTheirGroup() throws Exception {
    cluster.createTopic(topic, 2);
    // A member that stays would be seen for that long.
    var storage = KafkaTestStorage.open(Map.of("properties.session.timeout.ms", "30000"));
    try (storage) {
      for (int member = 0; member < 2; member++) {
        var listener = new RecordingListener();
        var unused = storage.subscribe(request(), listener);
        await().atMost(BOUND).until(() -> !listener.held().isEmpty());
      }
      assertThat(members()).isEqualTo(2);
    }
    assertThat(members()).isZero();
    assertThatThrownBy(() -> storage.subscribe(request(), new RecordingListener()))
        .isInstanceOf(StorageException.class)
        .hasMessage("the records storage is closed");
  }

  @Test
  void storageThatDoesNotOpen_leavesNoThread() {
    var settings = KafkaTestStorage.settings(cluster.bootstrapServers());
    // The groups, which are opened last, have no number of threads that can be.
    var broken = withMemberThreads(-1, KafkaSettings.read(settings));
    var before = threads();

    assertThatThrownBy(() -> KafkaRecordsStorage.open(broken, CpuTargetThrottle.Load::now))
        .isInstanceOf(IllegalArgumentException.class);

    await().atMost(BOUND).untilAsserted(() -> assertThat(before).containsAll(threads()));
  }

  @Test
  void committedOffsets_areAnsweredOnAThreadOfTheStorage() throws Exception {
    cluster.createTopic(topic, 1);
    try (var storage = KafkaTestStorage.open(Map.of())) {
      var answered =
          storage
              .committedOffsets(topic, new GroupId(group, 0))
              .thenApply(found -> Thread.currentThread().getName())
              .toCompletableFuture();
      assertThat(answered.get(BOUND.toSeconds(), TimeUnit.SECONDS)).startsWith("liiklus-member-");
    }
  }

  private static KafkaSettings withMemberThreads(int count, KafkaSettings settings) {
    return new KafkaSettings(
        settings.clients(),
        settings.reading(),
        count,
        settings.waitingPublishBytes(),
        settings.revokeTimeout(),
        settings.closeTimeout(),
        settings.topicCheckInterval(),
        settings.topicCreationTimeout(),
        settings.topicAge(),
        settings.skipsUnreadable(),
        settings.startsAtCommitted(),
        settings.mirrorsCommits(),
        settings.positionsTopic());
  }

  private SubscriptionRequest request() {
    return new SubscriptionRequest(topic, group, AutoOffsetReset.EARLIEST);
  }

  private int members() throws Exception {
    var groups = cluster.admin().describeConsumerGroups(List.of(group)).describedGroups();
    return groups.get(group).get().members().size();
  }

  /** Those of Kafka's clients and of the storage, by name. */
  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("kafka-") || name.startsWith("liiklus-"))
        .toList();
  }
}
