package io.liiklus.storage.kafka.positions;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer that brings the topic's records into the view; opened with the first poll, and after
 * a {@link #close} with the next one, which goes on where the view ends. Confined to the thread
 * that polls.
 */
final class PositionsConsumer {

  private static final Logger log = LoggerFactory.getLogger(PositionsConsumer.class);

  /** Gateways that store at the same moment may pass the bound by a little, and none ends by it. */
  private static final int LEAST_EXCESS = 10_000;

  private final TopicPartition partition;
  private final long most;
  private final PositionsView view;
  private final Supplier<Consumer<byte[], byte[]>> opener;
  private final String tooMany;

  private Consumer<byte[], byte[]> consumer;
  private boolean isPassedOverTold;

  /**
   * @param max how many positions there may be
   */
  PositionsConsumer(
      TopicPartition partition,
      int max,
      PositionsView view,
      Supplier<Consumer<byte[], byte[]>> opener) {
    this.partition = partition;
    this.most = (long) max + Math.max(LEAST_EXCESS, max / 10);
    this.view = view;
    this.opener = opener;
    this.tooMany =
        "the positions topic has more than kafka.positions.max = %d positions: raise it"
            .formatted(max);
  }

  /** Waits for records that long; the view has them then. */
  void poll(Duration wait) {
    if (view.size() > most) {
      throw new StorageException(Kind.EXHAUSTED, tooMany);
    }
    if (consumer == null) {
      open();
    }
    try {
      var polled = consumer.poll(wait);
      var next = polled.nextOffsets().get(partition);
      if (next != null) {
        view.apply(parsed(polled.records(partition)), next.offset());
      }
    } catch (InvalidOffsetException cut) {
      onCut(cut);
    }
  }

  private void open() {
    consumer = opener.get();
    consumer.assign(List.of(partition));
    if (view.end() == 0) {
      consumer.seekToBeginning(List.of(partition));
    } else {
      consumer.seek(partition, view.end());
    }
  }

  private List<PositionRecord> parsed(List<ConsumerRecord<byte[], byte[]>> records) {
    var parsed = new ArrayList<PositionRecord>(records.size());
    for (var record : records) {
      var position = PositionRecord.parse(record.key(), record.value());
      position.ifPresent(parsed::add);
      if (position.isEmpty() && !isPassedOverTold) {
        isPassedOverTold = true;
        log.warn(
            "a record of the positions topic is no position and passed over, topic={} offset={}"
                + " (logged once)",
            partition.topic(),
            record.offset());
      }
    }
    return parsed;
  }

  /** The log does not have what was read: all gateways go by what it has. */
  private void onCut(InvalidOffsetException cut) {
    log.error(
        "the positions topic was cut, reading it again from its start, topic={} readUpTo={}"
            + " reason={}",
        partition.topic(),
        view.end(),
        cut.getMessage());
    view.restart();
    consumer.seekToBeginning(List.of(partition));
  }

  void close(Duration longest) {
    if (consumer == null) {
      return;
    }
    var closing = consumer;
    consumer = null;
    // An interrupt has done its work, and would end the closing too.
    boolean wasInterrupted = Thread.interrupted();
    try {
      closing.close(CloseOptions.timeout(longest));
    } catch (RuntimeException failure) {
      log.debug("closing the consumer of positions failed", failure);
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
