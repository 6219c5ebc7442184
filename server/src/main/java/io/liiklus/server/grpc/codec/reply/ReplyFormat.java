package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.reply.EncodedReply.bytesTag;

import com.github.bsideup.liiklus.protocol.ConsumeRecords;
import com.github.bsideup.liiklus.protocol.ReceiveReply;

/**
 * Format of the replies of one Receive, or of one partition of a Consume. Immutable.
 *
 * @param isEvents whether events are wanted instead of bytes
 * @param maxRecords how many records a reply may hold; with 1 it is no batch
 * @param replayedUpTo records up to this offset are marked as replayed
 * @param partition the one of a Consume, whose replies name it; {@link #UNNAMED} in a Receive
 */
public record ReplyFormat(boolean isEvents, int maxRecords, long replayedUpTo, int partition) {

  static final int UNNAMED = -1;

  private static final int RECORD_TAG = bytesTag(ReceiveReply.RECORD_FIELD_NUMBER);
  private static final int EVENT_TAG = bytesTag(ReceiveReply.LIIKLUS_EVENT_RECORD_FIELD_NUMBER);
  private static final int BATCH_TAG = bytesTag(ReceiveReply.RECORD_BATCH_FIELD_NUMBER);
  private static final int EVENT_BATCH_TAG =
      bytesTag(ReceiveReply.LIIKLUS_EVENT_RECORD_BATCH_FIELD_NUMBER);

  private static final int CONSUMED_TAG = bytesTag(ConsumeRecords.RECORDS_FIELD_NUMBER);
  private static final int CONSUMED_EVENTS_TAG = bytesTag(ConsumeRecords.EVENTS_FIELD_NUMBER);

  /** In a batch of events it is the same. */
  private static final int ELEMENT_TAG = bytesTag(ReceiveReply.RecordBatch.RECORDS_FIELD_NUMBER);

  /** Format of a Receive. */
  public ReplyFormat(boolean isEvents, int maxRecords, long replayedUpTo) {
    this(isEvents, maxRecords, replayedUpTo, UNNAMED);
  }

  /** Bytes as they are stored, with no record marked as replayed. */
  public static ReplyFormat binary(int maxRecords) {
    return new ReplyFormat(false, maxRecords, -1);
  }

  /** Events, with no record marked as replayed. */
  public static ReplyFormat events(int maxRecords) {
    return new ReplyFormat(true, maxRecords, -1);
  }

  boolean isBatch() {
    return maxRecords > 1 || isConsumed();
  }

  /** The tag in front of each record. */
  int recordTag() {
    if (isBatch()) {
      return ELEMENT_TAG;
    }
    return isEvents ? EVENT_TAG : RECORD_TAG;
  }

  /** The tag in front of all records of a batch. */
  int batchTag() {
    if (isConsumed()) {
      return isEvents ? CONSUMED_EVENTS_TAG : CONSUMED_TAG;
    }
    return isEvents ? EVENT_BATCH_TAG : BATCH_TAG;
  }

  public ReplyFormat replayedUpTo(long offset) {
    return new ReplyFormat(isEvents, maxRecords, offset, partition);
  }

  /** The same for a partition of a Consume. */
  public ReplyFormat ofPartition(int consumed) {
    return new ReplyFormat(isEvents, maxRecords, replayedUpTo, consumed);
  }

  /** Whether it is a Consume's, which sends records that are no event as bytes. */
  public boolean isConsumed() {
    return partition != UNNAMED;
  }

  /** The same for a record that is no event. */
  public ReplyFormat ofBytes() {
    return new ReplyFormat(false, maxRecords, replayedUpTo, partition);
  }
}
