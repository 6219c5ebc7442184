package io.liiklus.storage.kafka.client;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.group.LogRanges;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Requests about topics to the cluster, as stages that fail with {@link StorageException}. They
 * complete on the Admin client's thread, and are plain ones: Kafka's own ignore timeouts.
 * Thread-safe.
 */
public final class KafkaTopics implements LogRanges {

  private static final String AUTO_CREATE = "auto.create.topics.enable";

  private final Admin admin;
  private final IsolationLevel isolationLevel;
  private final String bootstrapServers;

  public KafkaTopics(Admin admin, KafkaClientConfigs clients) {
    this.admin = admin;
    this.isolationLevel = clients.isolationLevel();
    this.bootstrapServers = clients.bootstrapServers();
  }

  /**
   * Creates a topic with the brokers' default number of replicas; nothing where there is one of
   * this name.
   */
  public CompletionStage<Void> create(String topic, int partitions) {
    var wanted = new NewTopic(topic, Optional.of(partitions), Optional.empty());
    return asked(admin.createTopics(List.of(wanted)).all())
        .exceptionallyCompose(
            failure ->
                StorageException.of(failure).getCause() instanceof TopicExistsException
                    ? CompletableFuture.completedStage(null)
                    : CompletableFuture.failedStage(failure));
  }

  /** Names of all topics, without Kafka's internal ones. */
  public CompletionStage<Set<String>> names() {
    return asked(admin.listTopics().names());
  }

  /** Returns the number of partitions; 0 where there is no such topic. */
  public CompletionStage<Integer> partitionCount(String topic) {
    return partitionCounts(List.of(topic)).get(topic);
  }

  /** As {@link #partitionCount}, of many topics by one request. */
  public Map<String, CompletionStage<Integer>> partitionCounts(List<String> topics) {
    var counts = new HashMap<String, CompletionStage<Integer>>();
    describe(topics)
        .forEach(
            (topic, described) ->
                counts.put(
                    topic,
                    optional(described)
                        .thenApply(found -> found.map(it -> it.partitions().size()).orElse(0))));
    return counts;
  }

  /** Returns the description; empty where there is no such topic. */
  public CompletionStage<Optional<TopicDescription>> look(String topic) {
    return optional(describe(topic));
  }

  private static CompletionStage<Optional<TopicDescription>> optional(
      CompletionStage<TopicDescription> described) {
    return described
        .thenApply(Optional::of)
        .exceptionallyCompose(
            failure ->
                StorageException.of(failure).kind() == Kind.UNKNOWN_TOPIC
                    ? CompletableFuture.completedStage(Optional.empty())
                    : CompletableFuture.failedStage(failure));
  }

  private CompletionStage<TopicDescription> describe(String topic) {
    return describe(List.of(topic)).get(topic);
  }

  private Map<String, CompletionStage<TopicDescription>> describe(List<String> topics) {
    var described = new HashMap<String, CompletionStage<TopicDescription>>();
    admin
        .describeTopics(topics)
        .topicNameValues()
        .forEach((topic, found) -> described.put(topic, asked(found)));
    return described;
  }

  /** Returns the offsets that readers see, by partition; empty where there is no such topic. */
  public CompletionStage<Map<Integer, OffsetRange>> visibleRanges(String topic) {
    return partitionCount(topic)
        .thenCompose(
            count -> {
              var partitions = IntStream.range(0, count).boxed().collect(Collectors.toSet());
              return starts(topic, partitions)
                  .thenCombine(
                      ends(topic, partitions, isolationLevel),
                      (starts, ends) -> byPartition(partitions, id -> range(starts, ends, id)));
            });
  }

  @Override
  public CompletionStage<String> incarnation(String topic) {
    return ofOneLetIn(describe(topic).thenApply(found -> found.topicId().toString()));
  }

  @Override
  public CompletionStage<Map<Integer, LogRange>> ranges(String topic, Set<Integer> partitions) {
    var ends = ends(topic, partitions, IsolationLevel.READ_UNCOMMITTED);
    var visibleEnds =
        isolationLevel == IsolationLevel.READ_UNCOMMITTED
            ? ends
            : ends(topic, partitions, isolationLevel);
    return ofOneLetIn(
        starts(topic, partitions)
            .thenCombine(
                ends,
                (from, to) ->
                    visibleEnds.thenApply(
                        visible ->
                            byPartition(
                                partitions,
                                id ->
                                    new LogRange(
                                        range(from, to, id),
                                        later(from.get(id), visible.get(id))))))
            .thenCompose(ranges -> ranges));
  }

  private static OffsetRange range(
      Map<Integer, FetchPosition> starts, Map<Integer, FetchPosition> ends, int partition) {
    var start = starts.get(partition);
    return new OffsetRange(start.offset(), later(start, ends.get(partition)).offset());
  }

  /** Retention may move the start between the two requests. */
  private static FetchPosition later(FetchPosition one, FetchPosition other) {
    return other.offset() < one.offset() ? one : other;
  }

  private CompletionStage<Map<Integer, FetchPosition>> starts(String topic, Set<Integer> ids) {
    return offsets(topic, ids, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
  }

  private CompletionStage<Map<Integer, FetchPosition>> ends(
      String topic, Set<Integer> ids, IsolationLevel isolation) {
    return offsets(topic, ids, OffsetSpec.latest(), isolation);
  }

  private CompletionStage<Map<Integer, FetchPosition>> offsets(
      String topic, Set<Integer> ids, OffsetSpec spec, IsolationLevel isolation) {
    var wanted = new HashMap<TopicPartition, OffsetSpec>();
    ids.forEach(id -> wanted.put(new TopicPartition(topic, id), spec));
    return asked(admin.listOffsets(wanted, new ListOffsetsOptions(isolation)).all())
        .thenApply(
            found ->
                byPartition(
                    ids,
                    id -> {
                      var info = found.get(new TopicPartition(topic, id));
                      return new FetchPosition(
                          info.offset(), info.leaderEpoch().orElse(FetchPosition.UNKNOWN));
                    }));
  }

  private static <T> Map<Integer, T> byPartition(Set<Integer> ids, IntFunction<T> value) {
    return ids.stream().collect(Collectors.toMap(id -> id, value::apply));
  }

  /** Returns whether brokers create missing topics; empty where they refuse to answer. */
  public CompletionStage<Optional<Boolean>> createsTopics() {
    return asked(admin.describeCluster().nodes())
        .thenCompose(
            nodes -> config(ConfigResource.Type.BROKER, nodes.iterator().next().idString()))
        .thenApply(config -> Optional.ofNullable(config.get(AUTO_CREATE)))
        .thenApply(entry -> entry.map(ConfigEntry::value).map(Boolean::parseBoolean))
        // The request needs a right of its own, which publishing does not need.
        .exceptionally(refused -> Optional.empty());
  }

  /** Returns whether the log is compacted, so that a record without a key is refused. */
  public CompletionStage<Boolean> isCompacted(String topic) {
    return config(ConfigResource.Type.TOPIC, topic)
        .thenApply(config -> config.get(TopicConfig.CLEANUP_POLICY_CONFIG))
        .thenApply(
            policy ->
                policy != null && policy.value().contains(TopicConfig.CLEANUP_POLICY_COMPACT));
  }

  private CompletionStage<Config> config(ConfigResource.Type type, String name) {
    var resource = new ConfigResource(type, name);
    return asked(admin.describeConfigs(List.of(resource)).values().get(resource));
  }

  /** Completes when the cluster answers; else fails, naming the bootstrap servers. */
  public CompletionStage<Void> check() {
    return asked(admin.describeCluster().clusterId())
        .<Void>thenApply(id -> null)
        .exceptionallyCompose(failure -> CompletableFuture.failedStage(located(failure)));
  }

  private StorageException located(Throwable failure) {
    var reason = StorageException.of(failure);
    var text = "%s at=%s".formatted(reason.getMessage(), bootstrapServers);
    return new StorageException(reason.kind(), text, reason);
  }

  /**
   * The answer of an Admin client, as a future of our own: Kafka's, and all that are derived of
   * them, refuse to be completed. Fails with {@link StorageException}.
   */
  public static <T> CompletionStage<T> asked(KafkaFuture<T> request) {
    var plain = new CompletableFuture<T>();
    var unused =
        request.whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                plain.complete(answer);
              } else {
                plain.completeExceptionally(KafkaFailures.of(failure));
              }
            });
    return plain;
  }

  /** For members, which were let in before: a refused login may pass. */
  private static <T> CompletionStage<T> ofOneLetIn(CompletionStage<T> stage) {
    return stage.exceptionallyCompose(
        failure ->
            CompletableFuture.failedStage(KafkaFailures.waitedOut(StorageException.of(failure))));
  }
}
