package io.liiklus.storage.kafka;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.SubscriptionListener;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a consumer holds, each with its hand-off. Touches those that a callback names
 * and no others, since every rebalance protocol names different ones. Confined to the poll thread.
 */
final class AssignedPartitions implements ConsumerRebalanceListener {

  private static final Logger log = LoggerFactory.getLogger(AssignedPartitions.class);

  /** Any offset will do while a partition is paused; without one no partition is polled. */
  private static final long PLACEHOLDER = 0;

  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final StartPositions starts;
  private final SubscriptionListener listener;
  private final LoopTasks tasks;
  private final PollLoop.Bounds bounds;
  private final PartitionPauses pauses;
  private final LookUps lookUps;
  private final Map<TopicPartition, AssignedPartition> assigned = new HashMap<>();

  AssignedPartitions(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      StartPositions starts,
      SubscriptionListener listener,
      LoopTasks tasks,
      PollLoop.Bounds bounds) {
    this.consumer = consumer;
    this.starts = starts;
    this.listener = listener;
    this.tasks = tasks;
    this.bounds = bounds;
    this.pauses = new PartitionPauses(consumer, bounds.hold());
    this.lookUps = new LookUps(tasks, this::isHeld, bounds.retry());
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> added) {
    if (added.isEmpty()) {
      return;
    }
    begin(added);
  }

  private void begin(Collection<TopicPartition> ids) {
    consumer.pause(ids);
    var fresh = new ArrayList<AssignedPartition>();
    for (var id : ids) {
      consumer.seek(id, PLACEHOLDER);
      var partition = new AssignedPartition(id);
      assigned.put(id, partition);
      fresh.add(partition);
    }
    findStarts(fresh);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    var told = remove(revoked, new StorageException(Kind.REVOKED, "the partition was revoked"));
    if (told.isEmpty()) {
      return;
    }
    try {
      listener
          .onRevoked(told)
          .toCompletableFuture()
          .get(bounds.revoke().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      log.warn("acks of revoked partitions are still under way, partitions={}", told);
    } catch (ExecutionException failed) {
      log.warn(
          "acks of revoked partitions failed, partitions={} reason={}",
          told,
          failed.getCause().getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    var told = remove(lost, new StorageException(Kind.LOST, "the partition was lost"));
    if (!told.isEmpty()) {
      listener.onLost(told);
    }
  }

  /** Ends every read, and those to come. */
  void end(StorageException reason) {
    for (var partition : assigned.values()) {
      if (partition.handOff != null) {
        partition.handOff.end(reason);
      }
    }
  }

  void applySeeks() {
    for (var partition : assigned.values()) {
      var seek = partition.handOff == null ? null : partition.handOff.takeSeek();
      if (seek == null) {
        continue;
      }
      if (partition.isPositioned) {
        consumer.seek(partition.id, seek.offset());
        partition.isUnreadable = false;
      } else {
        partition.wantedOffset = seek.offset();
        partition.seeksWhileLookedUp++;
      }
    }
  }

  /** Lets go of the fetches of which little is left to be read. */
  void copyLeftOvers(long nowNs) {
    for (var partition : assigned.values()) {
      if (partition.handOff != null) {
        partition.handOff.copyLeftOvers(nowNs);
      }
    }
  }

  /** Returns for how long, at the most, idle partitions are paused because of a full one. */
  long applyPauses(long nowNs) {
    return pauses.apply(assigned.values(), nowNs);
  }

  void offer(TopicPartition id, List<ConsumerRecord<ByteBuffer, ByteBuffer>> records, long nowNs) {
    var partition = assigned.get(id);
    if (partition != null && partition.isPositioned) {
      partition.attempts = 0;
      partition.filledAtNs = nowNs;
      partition.isFilled = true;
      partition.handOff.offer(new KafkaRecordBatch(records), nowNs);
    }
  }

  /** Those that are read, in no order; stays as it is when partitions come and go. */
  List<AssignedPartition> readable() {
    return assigned.values().stream().filter(AssignedPartition::isReadable).toList();
  }

  /** Until the pauses are applied anew. */
  void pauseAllBut(AssignedPartition alone) {
    pauses.pauseThose(assigned.values(), partition -> partition != alone);
  }

  boolean isHeld(AssignedPartition partition) {
    return assigned.get(partition.id) == partition;
  }

  void onOutOfRange(OffsetOutOfRangeException outOfRange) {
    outOfRange
        .offsetOutOfRangePartitions()
        .forEach(
            (id, offset) -> {
              var partition = assigned.get(id);
              if (partition != null && partition.isPositioned) {
                partition.wantedOffset = offset;
                reposition(partition);
              }
            });
    if (outOfRange instanceof LogTruncationException truncation) {
      truncation
          .divergentOffsets()
          .forEach((id, offset) -> onDiverged(assigned.get(id), offset.offset()));
    }
  }

  /** The log was cut at an offset below ours and has grown anew from there. */
  private void onDiverged(AssignedPartition partition, long offset) {
    if (partition != null && partition.seeksWhileLookedUp == 0) {
      starts.tellTruncated(partition, partition.wantedOffset, offset);
      partition.wantedOffset = offset;
    }
  }

  private void findStarts(List<AssignedPartition> fresh) {
    lookUps.ask(
        fresh,
        starts::find,
        (held, answer) -> {
          for (var partition : held) {
            announce(partition, starts.start(partition, answer));
          }
        });
  }

  private void announce(AssignedPartition partition, long startOffset) {
    consumer.seek(partition.id, startOffset);
    partition.isPositioned = true;
    partition.handOff =
        new HandOff(
            partition.id.partition(),
            startOffset,
            new HandOff.Limits(bounds.handOffBytes(), bounds.copy().toNanos()),
            tasks::wake,
            () -> range(partition));
    listener.onAssigned(partition.handOff);
  }

  private CompletionStage<OffsetRange> range(AssignedPartition partition) {
    return starts
        .ranges(List.of(partition))
        .thenApply(ranges -> ranges.get(partition.id.partition()).range());
  }

  /**
   * Looks whether the topic is still the one that its partitions began in. The consumer does not
   * tell when it was deleted and made anew, and goes on where there is a record at the offset.
   */
  void checkTopic() {
    var unused =
        starts
            .topicId()
            .whenComplete(
                (id, failure) ->
                    tasks.post(
                        () -> {
                          tasks.postDelayed(bounds.topicCheck().toNanos(), this::checkTopic);
                          if (failure == null) {
                            beginAnew(id);
                          } else if (!LookUps.isHealing(KafkaFailures.of(failure))) {
                            throw KafkaFailures.of(failure);
                          }
                        }));
  }

  /** Gives up the partitions that began in another topic of the name, and begins them anew. */
  private boolean beginAnew(Uuid topicId) {
    var gone =
        assigned.values().stream()
            .filter(partition -> partition.handOff != null)
            .filter(partition -> starts.isOfAnother(partition, topicId))
            .map(partition -> partition.id)
            .toList();
    if (!gone.isEmpty()) {
      onPartitionsLost(gone);
      begin(gone);
    }
    return !gone.isEmpty();
  }

  private void reposition(AssignedPartition partition) {
    partition.isPositioned = false;
    partition.seeksWhileLookedUp = 0;
    consumer.pause(List.of(partition.id));
    partition.isPaused = true;
    consumer.seek(partition.id, PLACEHOLDER);
    // The first time at once; a broker that goes on refusing is asked at a bounded rate.
    long delayNs = partition.attempts++ == 0 ? 0 : bounds.retry().toNanos();
    tasks.postDelayed(delayNs, () -> findResumption(partition));
  }

  private void findResumption(AssignedPartition partition) {
    int seeks = partition.seeksWhileLookedUp;
    lookUps.ask(
        List.of(partition),
        held -> starts.log(held),
        (held, log) -> {
          if (held.isEmpty() || beginAnew(log.topicId())) {
            return;
          }
          if (seeks != partition.seeksWhileLookedUp) {
            // The log may have grown between the answer and the seek: it tells nothing of that one.
            findResumption(partition);
            return;
          }
          var range = log.ranges().get(partition.id.partition()).range();
          consumer.seek(partition.id, starts.resumption(partition, range));
          partition.isPositioned = true;
        });
  }

  private Set<Integer> remove(Collection<TopicPartition> ids, StorageException reason) {
    var told = new LinkedHashSet<Integer>();
    for (var id : ids) {
      var partition = assigned.remove(id);
      if (partition != null && partition.handOff != null) {
        partition.handOff.end(reason);
        told.add(id.partition());
      }
    }
    return told;
  }
}
