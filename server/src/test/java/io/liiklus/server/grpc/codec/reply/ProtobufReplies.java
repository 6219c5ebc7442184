package io.liiklus.server.grpc.codec.reply;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import io.liiklus.api.RecordBatch;
import io.liiklus.server.event.Attributes;
import io.liiklus.server.grpc.codec.event.EventJson;
import io.liiklus.server.grpc.codec.event.NotAnEvent;
import io.liiklus.server.grpc.codec.event.StoredEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Replies made of the generated classes, which {@link ReplyEncoder} must agree with. Immutable. */
public final class ProtobufReplies {

  private final boolean isEventFormat;
  private final long replayedUpTo;

  /**
   * @param isEventFormat whether events are wanted instead of bytes
   * @param replayedUpTo records up to this offset are marked as replayed
   */
  public ProtobufReplies(boolean isEventFormat, long replayedUpTo) {
    this.isEventFormat = isEventFormat;
    this.replayedUpTo = replayedUpTo;
  }

  /**
   * The reply for one record of a batch.
   *
   * @throws NotAnEvent where an event is wanted and the record is none
   */
  public ReceiveReply reply(RecordBatch batch, int index) {
    var reply = ReceiveReply.newBuilder();
    return isEventFormat
        ? reply.setLiiklusEventRecord(eventRecord(batch, index)).build()
        : reply.setRecord(binaryRecord(batch, index)).build();
  }

  /**
   * One reply for the records of {@code [from, to)}, up to the first that cannot be told.
   *
   * @throws NotAnEvent where that is the first one already
   */
  public ReceiveReply reply(RecordBatch batch, int from, int to) {
    Objects.checkFromToIndex(from, to, batch.size());
    return isEventFormat ? eventBatch(batch, from, to) : binaryBatch(batch, from, to);
  }

  private ReceiveReply binaryBatch(RecordBatch batch, int from, int to) {
    var records = ReceiveReply.RecordBatch.newBuilder();
    for (int i = from; i < to; i++) {
      records.addRecords(binaryRecord(batch, i));
    }
    return ReceiveReply.newBuilder().setRecordBatch(records).build();
  }

  private ReceiveReply eventBatch(RecordBatch batch, int from, int to) {
    var records = ReceiveReply.LiiklusEventRecordBatch.newBuilder();
    for (int i = from; i < to; i++) {
      try {
        records.addRecords(eventRecord(batch, i));
      } catch (NotAnEvent reason) {
        if (i == from) {
          throw reason;
        }
        break;
      }
    }
    return ReceiveReply.newBuilder().setLiiklusEventRecordBatch(records).build();
  }

  private ReceiveReply.Record binaryRecord(RecordBatch batch, int index) {
    var headers = batch.headers(index);
    var value = batch.value(index);
    var record =
        ReceiveReply.Record.newBuilder()
            .setOffset(batch.offset(index))
            .setKey(wrap(batch.key(index)))
            .setValue(headers.isEmpty() ? wrap(value) : binaryValue(headers, value))
            .setReplay(batch.offset(index) <= replayedUpTo)
            .setTombstone(value == null);
    for (int i = 0; i < headers.size(); i++) {
      record.addHeaders(header(headers.get(i)));
    }
    if (isTold(batch.timestamp(index))) {
      record.setTimestamp(timestamp(batch.timestamp(index)));
    }
    return record.build();
  }

  /** An event in its JSON form; anything else, and an event that is in that form, as it is. */
  private static ByteString binaryValue(List<io.liiklus.api.Header> headers, ByteBuffer value) {
    if (StoredEvent.isStructured(headers) || !hasVersion(headers)) {
      return wrap(value);
    }
    return EventJson.write(binaryEvent(headers, value));
  }

  private static LiiklusEvent event(List<io.liiklus.api.Header> headers, ByteBuffer value) {
    return StoredEvent.isStructured(headers)
        ? StoredEvent.readStructured(value)
        : binaryEvent(headers, value);
  }

  private static LiiklusEvent binaryEvent(List<io.liiklus.api.Header> headers, ByteBuffer value) {
    var event = LiiklusEvent.newBuilder();
    var contentType = "";
    for (var header : headers) {
      var attribute = Attributes.ofHeader(header.key());
      if (attribute == null) {
        contentType = Attributes.isContentType(header.key()) ? text(header) : contentType;
      } else if (attribute.equals(Attributes.DATACONTENTTYPE)) {
        event.setDataContentType(text(header));
      } else if (!attribute.equals(Attributes.SPECVERSION)) {
        StoredEvent.set(event, attribute, text(header));
      }
    }
    if (!contentType.isEmpty()) {
      event.setDataContentType(contentType);
    }
    if (!hasVersion(headers)) {
      throw new NotAnEvent("it has no version");
    }
    return event.setData(wrap(value)).build();
  }

  private static boolean hasVersion(List<io.liiklus.api.Header> headers) {
    return headers.stream()
        .anyMatch(header -> header.key().toLowerCase(Locale.ROOT).equals("ce_specversion"));
  }

  private static String text(io.liiklus.api.Header header) {
    return header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private ReceiveReply.LiiklusEventRecord eventRecord(RecordBatch batch, int index) {
    var headers = batch.headers(index);
    var record =
        ReceiveReply.LiiklusEventRecord.newBuilder()
            .setOffset(batch.offset(index))
            .setKey(wrap(batch.key(index)))
            .setEvent(event(headers, batch.value(index)))
            .setReplay(batch.offset(index) <= replayedUpTo);
    boolean isStructured = StoredEvent.isStructured(headers);
    for (int i = 0; i < headers.size(); i++) {
      if (!isPart(headers.get(i), isStructured)) {
        record.addHeaders(header(headers.get(i)));
      }
    }
    if (isTold(batch.timestamp(index))) {
      record.setTimestamp(timestamp(batch.timestamp(index)));
    }
    return record.build();
  }

  private static boolean isPart(io.liiklus.api.Header header, boolean isStructured) {
    return Attributes.isContentType(header.key())
        || (!isStructured && Attributes.ofHeader(header.key()) != null);
  }

  private static Header header(io.liiklus.api.Header stored) {
    var header = Header.newBuilder().setKey(stored.key());
    if (stored.value() != null) {
      header.setValue(UnsafeByteOperations.unsafeWrap(stored.value()));
    }
    return header.build();
  }

  private static boolean isTold(long ms) {
    return ms >= 0 && Instant.ofEpochMilli(ms).isBefore(Instant.parse("+10000-01-01T00:00:00Z"));
  }

  private static Timestamp timestamp(long ms) {
    return Timestamp.newBuilder()
        .setSeconds(ms / 1_000)
        .setNanos((int) (ms % 1_000) * 1_000_000)
        .build();
  }

  private static ByteString wrap(ByteBuffer buffer) {
    return buffer == null ? ByteString.EMPTY : StoredEvent.wrap(buffer);
  }
}
