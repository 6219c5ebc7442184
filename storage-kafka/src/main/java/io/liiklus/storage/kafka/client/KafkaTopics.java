package io.liiklus.storage.kafka.client;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogRange;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What the Admin client tells of topics, as stages that fail with {@link StorageException}. They
 * complete on the Admin client's thread. Thread-safe.
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

  /** How many partitions a topic has; 0 where there is no such topic. */
  public CompletionStage<Integer> partitionCount(String topic) {
    return look(topic).thenApply(found -> found.map(it -> it.partitions().size()).orElse(0));
  }

  /** Empty where there is no such topic. */
  public CompletionStage<Optional<TopicDescription>> look(String topic) {
    return describe(topic)
        .thenApply(Optional::of)
        .exceptionallyCompose(
            failure ->
                StorageException.of(failure).kind() == Kind.UNKNOWN_TOPIC
                    ? CompletableFuture.completedStage(Optional.empty())
                    : CompletableFuture.failedStage(failure));
  }

  @Override
  public CompletionStage<String> topicId(String topic) {
    return describe(topic).thenApply(found -> found.topicId().toString());
  }

  private CompletionStage<TopicDescription> describe(String topic) {
    return mapped(
        admin.describeTopics(List.of(topic)).topicNameValues().get(topic).toCompletionStage());
  }

  /** By partition: what readers see of the log; empty where there is no such topic. */
  public CompletionStage<Map<Integer, OffsetRange>> visibleRanges(String topic) {
    return partitionCount(topic)
        .thenCompose(
            count -> {
              if (count == 0) {
                return CompletableFuture.completedStage(Map.of());
              }
              var partitions = new HashSet<Integer>();
              for (int i = 0; i < count; i++) {
                partitions.add(i);
              }
              return starts(topic, partitions)
                  .thenCombine(visibleEnds(topic, partitions), KafkaTopics::visibleRanges);
            });
  }

  private static Map<Integer, OffsetRange> visibleRanges(
      Map<Integer, FetchPosition> starts, Map<Integer, FetchPosition> ends) {
    var ranges = new HashMap<Integer, OffsetRange>();
    starts.forEach(
        (partition, start) ->
            ranges.put(
                partition,
                new OffsetRange(start.offset(), later(start, ends.get(partition)).offset())));
    return ranges;
  }

  private CompletionStage<Map<Integer, FetchPosition>> starts(
      String topic, Set<Integer> partitions) {
    return offsets(topic, partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
  }

  private CompletionStage<Map<Integer, FetchPosition>> visibleEnds(
      String topic, Set<Integer> partitions) {
    return offsets(topic, partitions, OffsetSpec.latest(), isolationLevel);
  }

  @Override
  public CompletionStage<Map<Integer, LogRange>> ranges(String topic, Set<Integer> partitions) {
    var starts = starts(topic, partitions);
    var ends = offsets(topic, partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    var visibleEnds =
        isolationLevel == IsolationLevel.READ_UNCOMMITTED ? ends : visibleEnds(topic, partitions);
    return starts.thenCombine(
        ends.thenCombine(visibleEnds, Ends::new),
        (start, end) -> {
          var ranges = new HashMap<Integer, LogRange>();
          for (var partition : partitions) {
            var from = start.get(partition);
            // Asked for one after the other, so retention may have moved the start since.
            var to = later(from, end.log().get(partition));
            var visible = later(from, end.visible().get(partition));
            ranges.put(
                partition, new LogRange(new OffsetRange(from.offset(), to.offset()), visible));
          }
          return ranges;
        });
  }

  private record Ends(Map<Integer, FetchPosition> log, Map<Integer, FetchPosition> visible) {}

  private static FetchPosition later(FetchPosition one, FetchPosition other) {
    return other.offset() < one.offset() ? one : other;
  }

  /** Whether a broker makes topics that are asked for; empty where it does not tell. */
  public CompletionStage<Optional<Boolean>> createsTopics() {
    return admin
        .describeCluster()
        .nodes()
        .toCompletionStage()
        .thenCompose(
            nodes -> {
              var node = nodes.iterator().next();
              var broker = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
              return admin
                  .describeConfigs(List.of(broker))
                  .values()
                  .get(broker)
                  .toCompletionStage()
                  .thenApply(
                      config ->
                          Optional.ofNullable(config.get(AUTO_CREATE))
                              .map(entry -> Boolean.parseBoolean(entry.value())));
            })
        // To be told takes a right of its own, which publishing does not.
        .exceptionally(refused -> Optional.empty());
  }

  /** Whether the log is compacted, so that a record without a key is refused. */
  public CompletionStage<Boolean> isCompacted(String topic) {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return mapped(
        admin
            .describeConfigs(List.of(resource))
            .values()
            .get(resource)
            .toCompletionStage()
            .thenApply(config -> config.get(TopicConfig.CLEANUP_POLICY_CONFIG))
            .thenApply(
                policy ->
                    policy != null && policy.value().contains(TopicConfig.CLEANUP_POLICY_COMPACT)));
  }

  /** Completes when the cluster answers; else it is told where that was looked for. */
  public CompletionStage<Void> check() {
    return mapped(
            admin.describeCluster().clusterId().toCompletionStage().<Void>thenApply(id -> null))
        .exceptionallyCompose(failure -> CompletableFuture.failedStage(located(failure)));
  }

  private StorageException located(Throwable failure) {
    var reason = StorageException.of(failure);
    var text = "%s at=%s".formatted(reason.getMessage(), bootstrapServers);
    return new StorageException(reason.kind(), text, reason);
  }

  private CompletionStage<Map<Integer, FetchPosition>> offsets(
      String topic, Set<Integer> partitions, OffsetSpec spec, IsolationLevel isolation) {
    var wanted = new HashMap<TopicPartition, OffsetSpec>();
    for (var partition : partitions) {
      wanted.put(new TopicPartition(topic, partition), spec);
    }
    return mapped(
        admin
            .listOffsets(wanted, new ListOffsetsOptions(isolation))
            .all()
            .toCompletionStage()
            .thenApply(KafkaTopics::byPartition));
  }

  private static Map<Integer, FetchPosition> byPartition(
      Map<TopicPartition, ListOffsetsResultInfo> told) {
    var positions = new HashMap<Integer, FetchPosition>();
    told.forEach(
        (partition, info) ->
            positions.put(
                partition.partition(),
                new FetchPosition(
                    info.offset(), info.leaderEpoch().orElse(FetchPosition.UNKNOWN))));
    return positions;
  }

  private static <T> CompletionStage<T> mapped(CompletionStage<T> stage) {
    return stage.exceptionallyCompose(
        failure -> CompletableFuture.failedStage(KafkaFailures.of(failure)));
  }
}
