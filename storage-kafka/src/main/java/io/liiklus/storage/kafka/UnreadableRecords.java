package io.liiklus.storage.kafka;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionListener.SkipReason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deals with records that the consumer cannot read, as a batch whose checksum is wrong. Confined to
 * the poll thread.
 *
 * <p>Such a record fails every poll, for all partitions, and the failure names no partition. So the
 * partitions are polled one at a time: the one that fails alone has it. Its reads then fail until a
 * reader seeks past the record, or, where the settings say so, it is passed over, one offset at a
 * time, since nothing tells where the next readable record stands.
 */
final class UnreadableRecords {

  private static final Logger log = LoggerFactory.getLogger(UnreadableRecords.class);

  /** How long a partition that may be the one is polled: first for what is there already. */
  private static final List<Duration> PATIENCE = List.of(Duration.ZERO, Duration.ofMillis(600));

  /** How often a poll that was woken is begun anew. */
  private static final int MOST_WAKE_UPS = 3;

  private final org.apache.kafka.clients.consumer.Consumer<ByteBuffer, ByteBuffer> consumer;
  private final AssignedPartitions partitions;
  private final SubscriptionListener listener;
  private final boolean isSkipping;

  /** Whether some partition could not be polled alone, this time. */
  private boolean isDisturbed;

  /**
   * @param isSkipping whether unreadable records are passed over
   */
  UnreadableRecords(
      org.apache.kafka.clients.consumer.Consumer<ByteBuffer, ByteBuffer> consumer,
      AssignedPartitions partitions,
      SubscriptionListener listener,
      boolean isSkipping) {
    this.consumer = consumer;
    this.partitions = partitions;
    this.listener = listener;
    this.isSkipping = isSkipping;
  }

  /** Whether a poll may have failed for a record; the consumer has no better name for it. */
  static boolean mayBe(KafkaException failure) {
    return failure.getClass() == KafkaException.class
        || failure instanceof CorruptRecordException
        || failure instanceof SerializationException;
  }

  /**
   * Finds the partition and deals with it. What comes between, as a rebalance that takes the very
   * partition away, leaves it to the next poll of all.
   *
   * @param failure what the poll of all failed with
   * @param offer takes what is polled on the way
   * @throws KafkaException the failure, where no partition fails alone
   */
  void deal(KafkaException failure, Consumer<ConsumerRecords<ByteBuffer, ByteBuffer>> offer) {
    var suspects = Set.copyOf(partitions.readable());
    isDisturbed = false;
    for (var patience : PATIENCE) {
      for (var partition : partitions.readable()) {
        var alone = pollAlone(partition, patience, offer);
        if (alone != null) {
          onUnreadable(partition, alone);
          return;
        }
      }
    }
    if (!isDisturbed && suspects.equals(Set.copyOf(partitions.readable()))) {
      throw failure;
    }
  }

  /** Returns what it failed with, or null. */
  private KafkaException pollAlone(
      AssignedPartition partition,
      Duration patience,
      Consumer<ConsumerRecords<ByteBuffer, ByteBuffer>> offer) {
    for (int i = 0; i < MOST_WAKE_UPS && partitions.isHeld(partition); i++) {
      partitions.pauseAllBut(partition);
      try {
        offer.accept(consumer.poll(patience));
        return null;
      } catch (WakeupException woken) {
        // Somebody left something to do, which the next round does.
      } catch (OffsetOutOfRangeException outOfRange) {
        partitions.onOutOfRange(outOfRange);
        return null;
      } catch (KafkaException alone) {
        if (mayBe(alone)) {
          return partitions.isHeld(partition) ? alone : null;
        }
        if (!(alone instanceof RetriableException)) {
          throw alone;
        }
        isDisturbed = true;
        return null;
      }
    }
    isDisturbed = true;
    return null;
  }

  private void onUnreadable(AssignedPartition partition, KafkaException failure) {
    int number = partition.id.partition();
    long offset = consumer.position(partition.id);
    if (isSkipping) {
      log.warn(
          "unreadable record passed over, topic={} partition={} offset={} reason={}",
          partition.id.topic(),
          number,
          offset,
          reason(failure));
      consumer.seek(partition.id, offset + 1);
      listener.onSkipped(number, SkipReason.CORRUPTION, 1);
      return;
    }
    log.error(
        "unreadable record, topic={} partition={} offset={}",
        partition.id.topic(),
        number,
        offset,
        failure);
    partition.isUnreadable = true;
    partition.handOff.fail(
        new StorageException(
            Kind.DATA_LOSS,
            "the record at partition=%d offset=%d cannot be read: %s"
                .formatted(number, offset, reason(failure)),
            failure));
  }

  private static String reason(KafkaException failure) {
    var cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage());
  }
}
