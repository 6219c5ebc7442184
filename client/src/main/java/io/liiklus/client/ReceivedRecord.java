package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A record of a group's topic. Immutable.
 *
 * @param record as it came: offset, key, value, headers; that of an event has its data as the value
 * @param event what was read as one, with {@link ConsumerBuilder#events}; empty: the record is none
 * @param attempt which one of the handler this is, from 1 on while the partition stays here
 */
public record ReceivedRecord(
    String topic,
    int partition,
    ReceiveReply.Record record,
    Optional<LiiklusEvent> event,
    int attempt) {

  /** The beginning of year 1 and the end of year 9999, as {@link Timestamp} has them. */
  private static final long FIRST_SECOND = -62_135_596_800L;

  private static final long LAST_SECOND = 253_402_300_799L;

  /** A record that was not read as an event, at its first attempt. */
  public static ReceivedRecord of(String topic, int partition, ReceiveReply.Record record) {
    return new ReceivedRecord(topic, partition, record, Optional.empty(), 1);
  }

  /** An event, at its first attempt. */
  public static ReceivedRecord of(
      String topic, int partition, ReceiveReply.LiiklusEventRecord record) {
    var event = record.getEvent();
    var whole =
        ReceiveReply.Record.newBuilder()
            .setOffset(record.getOffset())
            .setKey(record.getKey())
            .setValue(event.getData())
            .setReplay(record.getReplay())
            .addAllHeaders(record.getHeadersList());
    if (record.hasTimestamp()) {
      whole.setTimestamp(record.getTimestamp());
    }
    return new ReceivedRecord(topic, partition, whole.build(), Optional.of(event), 1);
  }

  public long offset() {
    return record.getOffset();
  }

  /** Empty where there is none. */
  public ByteString key() {
    return record.getKey();
  }

  /**
   * The data of an {@link #event}; else the value: that of a CloudEvent is its JSON form. Empty of
   * a tombstone.
   */
  public ByteString value() {
    return record.getValue();
  }

  public boolean isTombstone() {
    return record.getTombstone();
  }

  /** Whether a version of the group had it before. */
  public boolean isReplay() {
    return record.getReplay();
  }

  /** All of the record's; those of an {@link #event} without what became the event. */
  public List<Header> headers() {
    return record.getHeadersList();
  }

  /** When it was published, where the log knows, and a {@link Timestamp} may hold it. */
  public Optional<Instant> timestamp() {
    var at = record.getTimestamp();
    boolean isTime =
        record.hasTimestamp() && at.getSeconds() >= FIRST_SECOND && at.getSeconds() <= LAST_SECOND;
    return isTime
        ? Optional.of(Instant.ofEpochSecond(at.getSeconds(), at.getNanos()))
        : Optional.empty();
  }

  ReceivedRecord withAttempt(int number) {
    return new ReceivedRecord(topic, partition, record, event, number);
  }

  @Override
  public String toString() {
    return "%s-%d@%d %s=%s"
        .formatted(topic, partition, offset(), key().toStringUtf8(), value().toStringUtf8());
  }
}
