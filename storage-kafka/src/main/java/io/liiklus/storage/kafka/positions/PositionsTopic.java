package io.liiklus.storage.kafka.positions;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.kafka.client.KafkaFailures;
import io.liiklus.storage.kafka.client.KafkaTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic of the positions, as the cluster has it: made where it is not there, checked, and asked
 * where it ends. Thread-safe; only {@link #prepare} and {@link #awaitEnd} block.
 */
final class PositionsTopic {

  private static final Logger log = LoggerFactory.getLogger(PositionsTopic.class);

  static final int PARTITION = 0;

  /** As the brokers have it for topics that say nothing. */
  private static final short DEFAULT_REPLICATION = -1;

  /** What a start has to read is mostly the newest segment, which is never compacted. */
  private static final Map<String, String> CONFIGS =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_COMPACT,
          TopicConfig.SEGMENT_BYTES_CONFIG,
          Integer.toString(32 << 20),
          TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
          "0.2",
          TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
          "false");

  private static final String AS_IT_HAS_TO_BE =
      "1 partition and cleanup.policy=compact (kafka.positions.topic)";

  private static final Duration CREATE_BOUND = Duration.ofSeconds(15);

  private final PositionsSettings settings;
  private final String name;
  private final TopicPartition partition;
  private final Admin admin;
  private final KafkaTopics topics;
  private final TopicIdentity identity;

  /** Of the thread that prepares. */
  private boolean isWarned;

  PositionsTopic(
      PositionsSettings settings, Admin admin, KafkaTopics topics, TopicIdentity identity) {
    this.settings = settings;
    this.name = settings.topic();
    this.partition = new TopicPartition(name, PARTITION);
    this.admin = admin;
    this.topics = topics;
    this.identity = identity;
  }

  /**
   * Adopts a topic that is fit for positions; makes it where it is not there, but for one who only
   * reads.
   *
   * @throws StorageException with what is wrong with it
   */
  void prepare() throws InterruptedException {
    var found = await(topics.look(name));
    if (found.isEmpty()) {
      requireCreatable();
      create();
      found = await(topics.look(name));
    }
    var topic =
        found.orElseThrow(
            () ->
                new StorageException(
                    Kind.UNAVAILABLE, "the positions topic " + name + " was made just now"));
    require(topic);
    if (!isWarned) {
      isWarned = true;
      warnOfOneReplica(topic);
    }
    identity.adopt(topic.topicId(), topic.partitions().size());
  }

  private void requireCreatable() {
    if (!settings.createsTopic()) {
      throw new StorageException(
          Kind.PRECONDITION,
          "there is no positions topic %s, and kafka.positions.createTopic is false: make it with %s"
              .formatted(name, AS_IT_HAS_TO_BE));
    }
    if (settings.isReadOnly()) {
      throw new StorageException(
          Kind.UNKNOWN_TOPIC,
          "there is no positions topic %s yet (kafka.positions.topic)".formatted(name));
    }
  }

  private void create() throws InterruptedException {
    var options = new CreateTopicsOptions().timeoutMs((int) CREATE_BOUND.toMillis());
    var topic = new NewTopic(name, 1, DEFAULT_REPLICATION).configs(CONFIGS);
    try {
      await(admin.createTopics(List.of(topic), options).all().toCompletionStage());
      log.info("positions topic created, topic={}", name);
    } catch (StorageException failure) {
      // Another gateway that starts now may have been first.
      if (!(failure.getCause() instanceof TopicExistsException)) {
        throw new StorageException(
            failure.kind(),
            "the positions topic %s cannot be created, %s; else make it with %s"
                .formatted(name, failure.getMessage(), AS_IT_HAS_TO_BE),
            failure);
      }
    }
  }

  private void require(TopicDescription topic) throws InterruptedException {
    int partitions = topic.partitions().size();
    if (partitions != 1 && !isReadable(partitions)) {
      throw unfit(
          "has %d partitions, and positions need the one order of one partition"
              .formatted(partitions));
    }
    var policy = visiblePolicy();
    if (policy.isPresent() && !isFit(policy.get())) {
      throw unfit(
          "has cleanup.policy=%s, by which old positions are deleted: set it to compact"
              .formatted(policy.get()));
    }
  }

  /**
   * Whether what is in all partitions is in the one of the positions, so that they can be taken out
   * of a topic that was given more.
   */
  private boolean isReadable(int partitions) throws InterruptedException {
    if (!settings.isReadOnly()) {
      return false;
    }
    for (int number = 0; number < partitions; number++) {
      if (number != PARTITION && await(end(new TopicPartition(name, number))) > 0) {
        return false;
      }
    }
    return true;
  }

  /** Empty where the gateway may not see it. */
  private Optional<String> visiblePolicy() throws InterruptedException {
    try {
      return Optional.of(await(cleanupPolicy()));
    } catch (StorageException failure) {
      if (failure.kind() != Kind.REFUSED) {
        throw failure;
      }
      if (!isWarned) {
        log.warn(
            "whether the positions topic is compacted cannot be seen, topic={} reason={}",
            name,
            failure.getMessage());
      }
      return Optional.empty();
    }
  }

  private static boolean isFit(String policy) {
    return policy.strip().equals(TopicConfig.CLEANUP_POLICY_COMPACT);
  }

  private StorageException unfit(String reason) {
    return new StorageException(
        Kind.PRECONDITION,
        "the positions topic %s %s, or name another topic, which is made with %s"
            .formatted(name, reason, AS_IT_HAS_TO_BE));
  }

  private void warnOfOneReplica(TopicDescription topic) {
    int replicas = topic.partitions().get(0).replicas().size();
    if (replicas == 1) {
      log.warn(
          "the positions topic has one replica, and all positions are gone with its broker's disk,"
              + " topic={} replicas={}",
          name,
          replicas);
    }
  }

  /** Logs where the topic is not compacted any more, which takes effect by and by. */
  void tellOfCleanup() {
    var unused =
        cleanupPolicy()
            .thenAccept(
                policy -> {
                  if (!isFit(policy)) {
                    log.error(
                        "the positions topic is not compacted any more, and Kafka deletes old"
                            + " positions: set its cleanup.policy to compact, topic={}"
                            + " cleanup.policy={} (logged once a minute)",
                        name,
                        policy);
                  }
                });
  }

  private CompletionStage<String> cleanupPolicy() {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
    return admin
        .describeConfigs(List.of(resource))
        .values()
        .get(resource)
        .toCompletionStage()
        .thenApply(config -> config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value());
  }

  /**
   * Looks whether the topic is the one that was read, and fails where it is not. Completes with the
   * offset behind its last record that any reader may see.
   */
  CompletionStage<Long> end() {
    var end = end(partition);
    // The first to fail: of a topic that is gone, Kafka's client seeks the leader for long.
    return look()
        .thenCompose(found -> end)
        .exceptionallyCompose(failure -> CompletableFuture.failedStage(passing(failure)));
  }

  private CompletionStage<Long> end(TopicPartition asked) {
    return admin
        .listOffsets(
            Map.of(asked, OffsetSpec.latest()),
            new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
        .partitionResult(asked)
        .toCompletionStage()
        .thenApply(info -> info.offset());
  }

  /** What a call that is under way meets may pass: a login refused anew, a topic just gone. */
  private static StorageException passing(Throwable failure) {
    var mapped = KafkaFailures.waitedOut(KafkaFailures.of(failure));
    return mapped.kind() == Kind.UNKNOWN_TOPIC
        ? new StorageException(Kind.UNAVAILABLE, mapped.getMessage(), mapped)
        : mapped;
  }

  /** Blocks for {@link #end}. */
  long awaitEnd() throws InterruptedException {
    return await(end());
  }

  /** Fails where the topic is not the one that was read. */
  CompletionStage<Void> look() {
    return topics
        .look(name)
        .thenAccept(
            found ->
                identity.require(
                    found.map(TopicDescription::topicId).orElse(Uuid.ZERO_UUID),
                    found.map(topic -> topic.partitions().size()).orElse(0)));
  }

  private static <T> T await(CompletionStage<T> stage) throws InterruptedException {
    try {
      // The Admin client has a bound of its own, which is shorter.
      return stage.toCompletableFuture().get(2 * CREATE_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failure) {
      throw KafkaFailures.of(failure);
    } catch (TimeoutException failure) {
      throw new StorageException(Kind.UNAVAILABLE, "Kafka did not answer in time", failure);
    }
  }
}
