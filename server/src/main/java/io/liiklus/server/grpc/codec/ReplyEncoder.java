package io.liiklus.server.grpc.codec;

import static io.liiklus.server.grpc.codec.EncodedReply.varintBytes;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Encodes replies straight from stored records: the bytes that protocol buffers would write for a
 * {@code ReceiveReply}, without an object for each record. Confined to one event loop, whose calls
 * share it: a reply is begun, filled, ended and sent without anything in between.
 *
 * <p>A record is the same bytes alone and in a batch but for the tag in front, so both are written
 * one way; a batch gets its own tag and length in front at the end.
 */
public final class ReplyEncoder {

  private static final int RECORD_TAG = 1 << 3 | 2;
  private static final int EVENT_RECORD_TAG = 2 << 3 | 2;
  private static final int BATCH_TAG = 3 << 3 | 2;
  private static final int EVENT_BATCH_TAG = 4 << 3 | 2;
  private static final int BATCH_ELEMENT_TAG = 1 << 3 | 2;

  private static final int OFFSET_TAG = 1 << 3;
  private static final int KEY_TAG = 2 << 3 | 2;
  private static final int CONTENT_TAG = 3 << 3 | 2;
  private static final int TIMESTAMP_TAG = 4 << 3 | 2;
  private static final int REPLAY_TAG = 5 << 3;
  private static final int TOMBSTONE_TAG = 7 << 3;
  private static final int SECONDS_TAG = 1 << 3;
  private static final int NANOS_TAG = 2 << 3;

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final int maxReplyBytes;
  private final EncodedReply reply;
  private final HeaderFields headers = new HeaderFields();
  private final EventFields event = new EventFields();
  private final Consumer<Header> otherHeaders = headers::add;

  private ReplyFormat format;
  private int records;

  /** Of which batch all records of the reply are, from which on; null where that is not so. */
  private RecordBatch onlyBatch;

  private int onlyFrom;
  private boolean isAnyReplay;

  // Of the record that is being written.
  private ByteBuffer key;

  /** The value, or the event where it is a message already; null where {@link #event} has it. */
  private ByteBuffer content;

  private boolean isTombstone;
  private boolean isReplay;
  private long seconds;
  private int nanos;

  /**
   * @param maxReplyBytes no record is added to a reply that would get larger by it; a single one
   *     may be
   */
  public ReplyEncoder(int maxReplyBytes) {
    this.maxReplyBytes = maxReplyBytes;
    this.reply = new EncodedReply(2 * maxReplyBytes);
  }

  public void begin(ReplyFormat wanted) {
    format = wanted;
    records = 0;
    onlyBatch = null;
    isAnyReplay = false;
    reply.clear();
  }

  /**
   * The last reply once more, where it is the one that these records would get: groups that are at
   * the end of a partition read the same batches one after the other. Null where it is another.
   */
  public EncodedReply again(ReplyFormat wanted, RecordBatch batch, int from) {
    boolean isSame =
        onlyBatch == batch
            && batch != null
            && onlyFrom == from
            && !isAnyReplay
            && format.isEvents() == wanted.isEvents()
            && format.maxRecords() == wanted.maxRecords()
            && batch.offset(from) > wanted.replayedUpTo();
    return isSame && reply.rewind() ? reply : null;
  }

  /**
   * Adds a record.
   *
   * @return false where it goes into the next reply
   * @throws NotAnEvent where an event is wanted and the record is none; the reply is as before
   */
  public boolean append(RecordBatch batch, int index) {
    if (records == format.maxRecords()) {
      return false;
    }
    take(batch, index);
    long offset = batch.offset(index);
    int timestampSize = timestampSize();
    int contentSize = content == null ? event.size() : content.remaining();
    boolean hasContent = contentSize > 0 || format.isEvents();
    int size =
        (offset == 0 ? 0 : 1 + varintBytes(offset))
            + (key.hasRemaining() ? 1 + varintBytes(key.remaining()) + key.remaining() : 0)
            + (hasContent ? 1 + varintBytes(contentSize) + contentSize : 0)
            + (seconds < 0 ? 0 : 2 + timestampSize)
            + (isReplay ? 2 : 0)
            + headers.size()
            + (isTombstone ? 2 : 0);
    int whole = 1 + varintBytes(size) + size;
    if (records > 0 && reply.available() + whole + EncodedReply.FRONT_BYTES > maxReplyBytes) {
      return false;
    }
    int copied = content == null ? event.copiedBytes() : EncodedReply.copiedBytes(content);
    reply.reserve(whole - contentSize + copied);
    reply.varint(tag());
    reply.varint(size);
    write(offset, hasContent ? contentSize : -1, timestampSize);
    if (records == 0) {
      onlyBatch = batch;
      onlyFrom = index;
    } else if (onlyBatch != batch) {
      onlyBatch = null;
    }
    isAnyReplay |= isReplay;
    records++;
    return true;
  }

  /** How many records the reply holds. */
  public int records() {
    return records;
  }

  /** The reply, until the next one is begun. */
  public EncodedReply end() {
    if (isBatch()) {
      reply.wrap(format.isEvents() ? EVENT_BATCH_TAG : BATCH_TAG);
    }
    return reply;
  }

  private boolean isBatch() {
    return format.maxRecords() > 1;
  }

  private int tag() {
    if (isBatch()) {
      return BATCH_ELEMENT_TAG;
    }
    return format.isEvents() ? EVENT_RECORD_TAG : RECORD_TAG;
  }

  private void take(RecordBatch batch, int index) {
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
    isReplay = batch.offset(index) <= format.replayedUpTo();
    long ms = batch.timestamp(index);
    seconds = ms < 0 ? -1 : ms / 1_000;
    nanos = ms < 0 ? 0 : (int) (ms % 1_000) * 1_000_000;
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
    if (!StoredEvent.hasAttributes(stored) || StoredEvent.isStructured(stored)) {
      return orEmpty(value);
    }
    try {
      event.read(stored, value, header -> {});
    } catch (NotAnEvent incomplete) {
      return orEmpty(value);
    }
    return EventJson.write(event.toMessage()).asReadOnlyByteBuffer();
  }

  private int timestampSize() {
    return (seconds > 0 ? 1 + varintBytes(seconds) : 0) + (nanos == 0 ? 0 : 1 + varintBytes(nanos));
  }

  private void write(long offset, int contentSize, int timestampSize) {
    if (offset != 0) {
      reply.varint(OFFSET_TAG);
      reply.varint(offset);
    }
    if (key.hasRemaining()) {
      reply.varint(KEY_TAG);
      reply.varint(key.remaining());
      reply.bytes(key);
    }
    if (contentSize >= 0) {
      reply.varint(CONTENT_TAG);
      reply.varint(contentSize);
      if (content == null) {
        event.writeTo(reply);
      } else {
        reply.bytes(content);
      }
    }
    if (seconds >= 0) {
      writeTimestamp(timestampSize);
    }
    if (isReplay) {
      reply.varint(REPLAY_TAG);
      reply.varint(1);
    }
    headers.writeTo(reply);
    if (isTombstone) {
      reply.varint(TOMBSTONE_TAG);
      reply.varint(1);
    }
  }

  private void writeTimestamp(int size) {
    reply.varint(TIMESTAMP_TAG);
    reply.varint(size);
    if (seconds > 0) {
      reply.varint(SECONDS_TAG);
      reply.varint(seconds);
    }
    if (nanos != 0) {
      reply.varint(NANOS_TAG);
      reply.varint(nanos);
    }
  }
}
