package io.liiklus.cli.records;

import io.liiklus.api.Offsets;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Withdrawable;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** One partition of the source, and its records on their way. Confined to the command. */
final class PartitionCopy {

  /** Record that the target has not answered, or not all before it. Confined to the command. */
  private static final class InFlight {
    private final long offset;
    private final long bytes;
    private final CompletionStage<PublishedRecord> publish;
    private PublishedRecord published;
    private boolean isWithdrawn;

    private InFlight(long offset, long bytes, CompletionStage<PublishedRecord> publish) {
      this.offset = offset;
      this.bytes = bytes;
      this.publish = publish;
    }

    private boolean withdraw() {
      isWithdrawn =
          published == null
              && publish instanceof Withdrawable withdrawable
              && withdrawable.withdraw();
      return isWithdrawn;
    }
  }

  private final TopicCopy copy;
  private final int partition;
  private final long end;
  private final Deque<InFlight> inFlight = new ArrayDeque<>();
  private PartitionReader reader;
  private RecordBatch batch;
  private int index;
  private boolean isReadOpen;

  /** Whether all records that it is to read are read. */
  private boolean isRead;

  /**
   * @param end behind the last record to copy
   */
  PartitionCopy(TopicCopy copy, int partition, long end) {
    this.copy = copy;
    this.partition = partition;
    this.end = end;
  }

  int partition() {
    return partition;
  }

  boolean isAssigned() {
    return reader != null;
  }

  /** Whether it waits for the source. */
  boolean isReadOpen() {
    return isReadOpen;
  }

  boolean isDone() {
    return isRead && inFlight.isEmpty();
  }

  void assign(PartitionReader assigned) {
    reader = assigned;
    pump();
  }

  /** Nothing follows in the source, though its end lies behind. */
  void endHere() {
    isRead = true;
  }

  /** Publishes what was read, and reads on, until it has to wait. */
  void pump() {
    while (!isRead && batch != null) {
      if (index == batch.size()) {
        batch = null;
      } else if (batch.offset(index) >= end) {
        batch = null;
        isRead = true;
      } else if (copy.isFull() || !publish()) {
        copy.block(this);
        return;
      }
    }
    if (!isRead && !isReadOpen && reader != null && !copy.isFailed()) {
      isReadOpen = true;
      var unused =
          reader.read().whenComplete((read, failure) -> copy.post(() -> onRead(read, failure)));
    }
  }

  private void onRead(RecordBatch read, Throwable failure) {
    isReadOpen = false;
    if (failure != null) {
      copy.onReadFailed(partition, StorageException.of(failure));
      return;
    }
    copy.onMoved();
    batch = read;
    index = 0;
    pump();
  }

  /** False where the target takes no more for now. */
  private boolean publish() {
    long offset = batch.offset(index);
    var record = record();
    var stage = copy.publish(record);
    var refused = stage.toCompletableFuture();
    if (refused.isCompletedExceptionally()
        && isRefusedAsFull(refused.handle((it, why) -> why).join())) {
      return false;
    }
    var sent = new InFlight(offset, record.bytes(), stage);
    inFlight.add(sent);
    copy.onSent(batch.timestamp(index), sent.bytes);
    var unused =
        stage.whenComplete(
            (published, failure) -> copy.post(() -> onAnswer(sent, published, failure)));
    index++;
    if (Offsets.next(offset) >= end) {
      isRead = true;
      batch = null;
    }
    return true;
  }

  /** Takes back what the target has not begun, the last one first. */
  void withdraw() {
    while (!inFlight.isEmpty() && inFlight.peekLast().withdraw()) {
      copy.onAnswered(inFlight.removeLast().bytes);
    }
  }

  private static boolean isRefusedAsFull(Throwable failure) {
    return StorageException.of(failure).kind() == Kind.FULL;
  }

  private RecordToPublish record() {
    long timestamp = batch.timestamp(index);
    return new RecordToPublish(
        copy.topic(),
        array(batch.key(index)),
        array(batch.value(index)),
        batch.headers(index),
        timestamp < 0 ? OptionalLong.empty() : OptionalLong.of(timestamp),
        copy.isKeepingPartitions() ? OptionalInt.of(partition) : OptionalInt.empty());
  }

  private static byte[] array(ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    var array = new byte[buffer.remaining()];
    buffer.get(buffer.position(), array);
    return array;
  }

  /** Counts records as copied in their order, so that what is counted has no gap. */
  private void onAnswer(InFlight sent, PublishedRecord published, Throwable failure) {
    if (sent.isWithdrawn) {
      return;
    }
    copy.onAnswered(sent.bytes);
    if (failure != null) {
      copy.onPublishFailed(partition, sent.offset, StorageException.of(failure));
      return;
    }
    sent.published = published;
    while (!inFlight.isEmpty() && inFlight.peek().published != null) {
      var first = inFlight.remove();
      copy.onCopied(this, first.offset, first.bytes, first.published);
    }
  }
}
