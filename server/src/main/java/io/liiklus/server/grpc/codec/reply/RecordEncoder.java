package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.reply.EncodedReply.bytesTag;
import static io.liiklus.server.grpc.codec.reply.EncodedReply.varintBytes;
import static io.liiklus.server.grpc.codec.reply.EncodedReply.varintTag;

import com.github.bsideup.liiklus.protocol.ReceiveReply;
import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import io.liiklus.server.event.Attributes;
import io.liiklus.server.grpc.codec.event.EventJson;
import io.liiklus.server.grpc.codec.event.NotAnEvent;
import io.liiklus.server.grpc.codec.event.StoredEvent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Encodes one record after the other: it is taken, asked for its size, and written. Confined to its
 * {@link ReplyEncoder}'s event loop.
 */
final class RecordEncoder {

  private static final int OFFSET_TAG = varintTag(ReceiveReply.Record.OFFSET_FIELD_NUMBER);
  private static final int KEY_TAG = bytesTag(ReceiveReply.Record.KEY_FIELD_NUMBER);
  private static final int REPLAY_TAG = varintTag(ReceiveReply.Record.REPLAY_FIELD_NUMBER);
  private static final int TOMBSTONE_TAG = varintTag(ReceiveReply.Record.TOMBSTONE_FIELD_NUMBER);

  /** The tag of a value; that of an event is the same. */
  private static final int CONTENT_TAG = bytesTag(ReceiveReply.Record.VALUE_FIELD_NUMBER);

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final HeaderFields headers = new HeaderFields();
  private final EventFields event = new EventFields();
  private final TimestampField timestamp = new TimestampField();
  private final Consumer<Header> otherHeaders = headers::add;

  private ReplyFormat format;
  private long offset;
  private ByteBuffer key = EMPTY;

  /** The value, or the event where it is a message already; null where {@link #event} has it. */
  private ByteBuffer content;

  private boolean isTombstone;
  private boolean isReplay;

  /** Drops what was taken last. */
  void forget() {
    key = EMPTY;
    content = null;
    event.forget();
    headers.forget();
  }

  /**
   * Takes the record to be written.
   *
   * @param isReplayable whether it may be marked as a replay
   * @throws NotAnEvent where an event is wanted and the record is none
   */
  void take(RecordBatch batch, int index, ReplyFormat wanted, boolean isReplayable) {
    format = wanted;
    var stored = batch.headers(index);
    var value = batch.value(index);
    headers.clear();
    isTombstone = value == null && !format.isEvents();
    if (format.isEvents()) {
      takeEvent(stored, value);
    } else {
      content = stored.isEmpty() ? orEmpty(value) : binaryValue(stored, value);
      headers.addAll(stored);
    }
    key = orEmpty(batch.key(index));
    offset = batch.offset(index);
    isReplay = isReplayable && offset <= format.replayedUpTo();
    timestamp.set(batch.timestamp(index));
  }

  private void takeEvent(List<Header> stored, ByteBuffer value) {
    if (!StoredEvent.isStructured(stored)) {
      content = null;
      event.read(stored, value, otherHeaders);
      return;
    }
    content = ByteBuffer.wrap(StoredEvent.readStructured(value).toByteArray());
    // The attributes are in the value: only the type is none of the headers.
    for (int i = 0; i < stored.size(); i++) {
      if (!Attributes.isContentType(stored.get(i).key())) {
        headers.add(stored.get(i));
      }
    }
  }

  private static ByteBuffer orEmpty(ByteBuffer buffer) {
    return buffer == null ? EMPTY : buffer;
  }

  /** An event in its JSON form; anything else, and an event that is in that form, as it is. */
  private ByteBuffer binaryValue(List<Header> stored, ByteBuffer value) {
    if (!StoredEvent.isBinary(stored) || StoredEvent.isStructured(stored)) {
      return orEmpty(value);
    }
    event.read(stored, value, header -> {});
    return EventJson.write(event.toMessage()).asReadOnlyByteBuffer();
  }

  /** Without the tag and this size in front. */
  int size() {
    int contentSize = contentSize();
    return (offset == 0 ? 0 : 1 + varintBytes(offset))
        + (key.hasRemaining() ? 1 + varintBytes(key.remaining()) + key.remaining() : 0)
        + (hasContent() ? 1 + varintBytes(contentSize) + contentSize : 0)
        + timestamp.size()
        + (isReplay ? 2 : 0)
        + headers.size()
        + (isTombstone ? 2 : 0);
  }

  private int contentSize() {
    return content == null ? event.size() : content.remaining();
  }

  private boolean hasContent() {
    return format.isEvents() || contentSize() > 0;
  }

  /** Writes the record, with its tag and this size in front. */
  void write(EncodedReply target, int size) {
    int contentSize = contentSize();
    int copied = content == null ? event.copiedBytes(target) : target.copiedBytes(content);
    target.reserve(1 + varintBytes(size) + size - contentSize + copied);
    target.varint(format.recordTag());
    target.varint(size);
    if (offset != 0) {
      target.varint(OFFSET_TAG);
      target.varint(offset);
    }
    if (key.hasRemaining()) {
      target.varint(KEY_TAG);
      target.varint(key.remaining());
      target.bytes(key);
    }
    if (hasContent()) {
      target.varint(CONTENT_TAG);
      target.varint(contentSize);
      if (content == null) {
        event.writeTo(target);
      } else {
        target.bytes(content);
      }
    }
    timestamp.writeTo(target);
    if (isReplay) {
      target.varint(REPLAY_TAG);
      target.varint(1);
    }
    headers.writeTo(target);
    if (isTombstone) {
      target.varint(TOMBSTONE_TAG);
      target.varint(1);
    }
  }
}
