package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.List;

/**
 * A record as it came, of either format. Immutable.
 *
 * @param offset unsigned, as on the wire
 * @param timestamp null where the storage has none
 */
record ReceivedRecord(
    long partition,
    long offset,
    ByteString key,
    Instant timestamp,
    boolean isReplay,
    List<Header> headers,
    Content content) {

  /** What a record holds. */
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

  private static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }
}
