package io.liiklus.storage.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.MapSettings;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.testing.KafkaCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a broker with bounds and rights of its own refuses. */
class RefusalsIT {

  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final int SESSION_MS = 30_000;

  private static KafkaCluster cluster;

  private final String topic = "topic-" + UUID.randomUUID();
  private final String group = "group-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    cluster =
        KafkaCluster.start(
            1,
            Map.of(
                "group.min.session.timeout.ms", Integer.toString(SESSION_MS),
                "group.max.size", "2",
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users", "User:ANONYMOUS"));
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void groupOfAnotherAssignor_isAPreconditionThatNamesTheSetting() {
    cluster.createTopic(topic, 1);
    try (var member = rangeMember();
        var storage = KafkaTestStorage.open(longSessions())) {
      await().atMost(BOUND).until(() -> isAssigned(member));

      assertThat(failureOfSubscribe(storage))
          .satisfies(failed -> assertThat(failed.kind()).isEqualTo(Kind.PRECONDITION))
          .hasMessageContaining("kafka.properties.partition.assignment.strategy");
    }
  }

  @Test
  void shortSessionTimeout_isAPreconditionThatNamesTheSetting() {
    cluster.createTopic(topic, 1);
    try (var storage =
        KafkaTestStorage.open(KafkaTestStorage.settings(cluster.bootstrapServers()))) {
      assertThat(failureOfSubscribe(storage))
          .satisfies(failed -> assertThat(failed.kind()).isEqualTo(Kind.PRECONDITION))
          .hasMessageContaining("kafka.properties.session.timeout.ms");
    }
  }

  @Test
  void fullGroup_isExhausted() {
    cluster.createTopic(topic, 2);
    try (var storage = KafkaTestStorage.open(longSessions())) {
      for (int member = 0; member < 2; member++) {
        var listener = new RecordingListener();
        var unused = storage.subscribe(request(), listener);
        await().atMost(BOUND).until(() -> !listener.held().isEmpty());
      }

      assertThat(failureOfSubscribe(storage))
          .satisfies(failed -> assertThat(failed.kind()).isEqualTo(Kind.EXHAUSTED))
          .hasMessageContaining("group.max.size");
    }
  }

  @Test
  void publisherWithoutTheRightToWrite_isRefusedUntilItHasIt() throws Exception {
    cluster.createTopic(topic, 1);
    var user = ScramUser.of(cluster);
    user.set(ScramUser.PASSWORD);
    user.allow(ResourceType.TOPIC, topic, AclOperation.DESCRIBE);
    try (var storage = KafkaTestStorage.open(user.settings())) {
      var refused = failureOfPublish(storage, null);
      assertThat(refused).map(StorageException::kind).contains(Kind.REFUSED);
      assertThat(refused).map(StorageException::isNotStored).contains(true);

      user.allow(ResourceType.TOPIC, topic, AclOperation.WRITE);

      await().atMost(BOUND).until(() -> failureOfPublish(storage, null).isEmpty());
    }
  }

  @Test
  void compactedTopicWhosePolicyMayNotBeAsked_refusesOnlyTheRecordWithoutKey() throws Exception {
    cluster.createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
    var user = ScramUser.of(cluster);
    user.set(ScramUser.PASSWORD);
    user.allow(ResourceType.TOPIC, topic, AclOperation.WRITE);
    // All in one batch.
    try (var storage = KafkaTestStorage.open(user.settings().with("properties.linger.ms", "200"))) {
      var a = publish(storage, "a");
      var keyless = publish(storage, null);
      var b = publish(storage, "b");

      assertThat(failureOf(keyless)).map(StorageException::kind).contains(Kind.BAD_RECORD);
      assertThat(failureOf(a)).isEmpty();
      assertThat(failureOf(b)).isEmpty();
      assertThat(a.toCompletableFuture().join().offset()).isZero();
      assertThat(b.toCompletableFuture().join().offset()).isEqualTo(1);
    }
  }

  @Test
  void memberWithoutTheRightToReadItsGroup_isRefusedAtOnce() throws Exception {
    cluster.createTopic(topic, 1);
    var user = ScramUser.of(cluster);
    user.set(ScramUser.PASSWORD);
    user.allow(ResourceType.TOPIC, topic, AclOperation.READ);
    try (var storage = KafkaTestStorage.open(withLongSessions(user.settings()))) {
      assertThat(failureOfSubscribe(storage))
          .satisfies(failed -> assertThat(failed.kind()).isEqualTo(Kind.REFUSED))
          .hasMessageContaining(group);
    }
  }

  @Test
  void memberWithoutTheRightToReadItsTopic_isRefusedAtOnce() throws Exception {
    cluster.createTopic(topic, 1);
    var user = ScramUser.of(cluster);
    user.set(ScramUser.PASSWORD);
    user.allow(ResourceType.TOPIC, topic, AclOperation.DESCRIBE);
    user.allow(ResourceType.GROUP, group, AclOperation.READ);
    try (var storage = KafkaTestStorage.open(withLongSessions(user.settings()))) {
      assertThat(failureOfSubscribe(storage))
          .satisfies(failed -> assertThat(failed.kind()).isEqualTo(Kind.REFUSED))
          .hasMessageContaining(topic);
    }
  }

  private KafkaConsumer<byte[], byte[]> rangeMember() {
    var bytes = new ByteArrayDeserializer();
    var member =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                SESSION_MS,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                RangeAssignor.class.getName()),
            bytes,
            bytes);
    member.subscribe(List.of(topic));
    return member;
  }

  private static boolean isAssigned(KafkaConsumer<byte[], byte[]> member) {
    var unused = member.poll(Duration.ofMillis(100));
    return !member.assignment().isEmpty();
  }

  private static MapSettings longSessions() {
    return withLongSessions(KafkaTestStorage.settings(cluster.bootstrapServers()));
  }

  private static MapSettings withLongSessions(MapSettings settings) {
    return settings.with("properties.session.timeout.ms", Integer.toString(SESSION_MS));
  }

  private SubscriptionRequest request() {
    return new SubscriptionRequest(topic, group, AutoOffsetReset.EARLIEST);
  }

  private StorageException failureOfSubscribe(RecordsStorage storage) {
    var listener = new RecordingListener();
    var unused = storage.subscribe(request(), listener);
    await().atMost(BOUND).until(() -> !listener.faults().isEmpty());
    return (StorageException) listener.faults().get(0);
  }

  private Optional<StorageException> failureOfPublish(RecordsStorage storage, String key) {
    return failureOf(publish(storage, key));
  }

  private CompletionStage<PublishedRecord> publish(RecordsStorage storage, String key) {
    var keyBytes = key == null ? null : key.getBytes(UTF_8);
    return storage.publish(
        new RecordToPublish(topic, keyBytes, "value".getBytes(UTF_8), List.of()), BOUND);
  }

  private static Optional<StorageException> failureOf(CompletionStage<PublishedRecord> publish) {
    return publish
        .handle((stored, failure) -> Optional.ofNullable(failure).map(StorageException::of))
        .toCompletableFuture()
        .orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS)
        .join();
  }
}
