package io.liiklus.storage.kafka.group;

import io.liiklus.api.GroupId;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.kafka.client.KafkaTopics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Offsets that plain consumers committed to Kafka's groups, without those of the gateway itself.
 * Thread-safe.
 */
public final class CommittedOffsets {

  /** Metadata of the gateway's own commits. */
  static final String OF_GATEWAY = "liiklus";

  private final Admin admin;
  private final Executor answers;

  /**
   * @param answers where answers are given: what hangs on them must not hold up the Admin client
   */
  public CommittedOffsets(Admin admin, Executor answers) {
    this.admin = admin;
    this.answers = answers;
  }

  /**
   * Returns, by partition, the offset at which plain consumers of this group resume.
   *
   * <p>Kafka's group is {@code <name>}, for all versions. Version N may have been a plain group
   * {@code <name>-v<N>}: if that group has committed in the topic, it alone counts.
   */
  public CompletionStage<Map<Integer, Long>> find(String topic, GroupId group) {
    if (group.version() == 0) {
      return find(topic, group.name());
    }
    return find(topic, group.name() + "-v" + group.version())
        .exceptionallyCompose(CommittedOffsets::noneWhereRefused)
        .thenCompose(
            found ->
                found.isEmpty()
                    ? find(topic, group.name())
                    : CompletableFuture.completedStage(found));
  }

  /** A gateway may have the right to the group's name alone. */
  private static CompletionStage<Map<Integer, Long>> noneWhereRefused(Throwable failure) {
    return StorageException.of(failure).kind() == Kind.REFUSED
        ? CompletableFuture.completedStage(Map.of())
        : CompletableFuture.failedStage(failure);
  }

  private CompletionStage<Map<Integer, Long>> find(String topic, String groupId) {
    // Stable: offsets of an open transaction are waited for, as a consumer waits.
    var options = new ListConsumerGroupOffsetsOptions().requireStable(true);
    var request = admin.listConsumerGroupOffsets(groupId, options).partitionsToOffsetAndMetadata();
    return KafkaTopics.asked(request)
        // None that is derived of Kafka's, and none that completes on its thread.
        .thenApplyAsync(committed -> committed, answers)
        .thenApply(committed -> ofPlainConsumers(topic, committed))
        .exceptionallyCompose(CommittedOffsets::noneWhereUnknown);
  }

  private static CompletionStage<Map<Integer, Long>> noneWhereUnknown(Throwable failure) {
    var known = StorageException.of(failure);
    return known.getCause() instanceof GroupIdNotFoundException
        ? CompletableFuture.completedStage(Map.of())
        : CompletableFuture.failedStage(known);
  }

  private static Map<Integer, Long> ofPlainConsumers(
      String topic, Map<TopicPartition, OffsetAndMetadata> committed) {
    var offsets = new HashMap<Integer, Long>();
    committed.forEach(
        (id, offset) -> {
          boolean isPlain = offset != null && !offset.metadata().equals(OF_GATEWAY);
          if (isPlain && id.topic().equals(topic)) {
            offsets.put(id.partition(), offset.offset());
          }
        });
    return offsets;
  }
}
