package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.List;

/**
 * Record as received, of either format. Immutable.
 *
 * @param offset unsigned, as on the wire
 * @param timestamp null where the storage has none that fits
 */
record ReceivedRecord(
    long partition,
    long offset,
    ByteString key,
    Instant timestamp,
    boolean isReplay,
    List<Header> headers,
    Content content) {

  /** The beginning of year 1 and the end of year 9999, as {@link Timestamp} has them. */
  private static final long FIRST_SECOND = -62_135_596_800L;

  private static final long LAST_SECOND = 253_402_300_799L;

  /** Contents of a record. */
  sealed interface Content {}

  /** Bytes. Immutable. */
  record Value(ByteString bytes) implements Content {}

  /** Nothing: a record that deletes its key. Immutable. */
  record Tombstone() implements Content {}

  /** An event. Immutable. */
  record Event(LiiklusEvent event) implements Content {}

  /**
   * @throws CliException where the reply is of a kind that was not asked for
   */
  static ReceivedRecord of(int partition, ReceiveReply reply) {
    return switch (reply.getReplyCase()) {
      case RECORD -> raw(Integer.toUnsignedLong(partition), reply.getRecord());
      case LIIKLUS_EVENT_RECORD ->
          event(Integer.toUnsignedLong(partition), reply.getLiiklusEventRecord());
      default ->
          throw new CliException(
              "partition " + partition + ": a reply of an unknown kind: " + reply.getReplyCase());
    };
  }

  private static ReceivedRecord raw(long partition, ReceiveReply.Record record) {
    return new ReceivedRecord(
        partition,
        record.getOffset(),
        record.getKey(),
        record.hasTimestamp() ? instant(record.getTimestamp()) : null,
        record.getReplay(),
        record.getHeadersList(),
        record.getTombstone() ? new Tombstone() : new Value(record.getValue()));
  }

  private static ReceivedRecord event(long partition, ReceiveReply.LiiklusEventRecord record) {
    return new ReceivedRecord(
        partition,
        record.getOffset(),
        record.getKey(),
        record.hasTimestamp() ? instant(record.getTimestamp()) : null,
        record.getReplay(),
        record.getHeadersList(),
        new Event(record.getEvent()));
  }

  /** Null where it is outside of the range of a timestamp: older gateways send such ones. */
  private static Instant instant(Timestamp timestamp) {
    long seconds = timestamp.getSeconds();
    return seconds < FIRST_SECOND || seconds > LAST_SECOND
        ? null
        : Instant.ofEpochSecond(seconds, timestamp.getNanos());
  }
}
