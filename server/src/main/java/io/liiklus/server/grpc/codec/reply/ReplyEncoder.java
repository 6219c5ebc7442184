package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.reply.EncodedReply.varintBytes;

import io.liiklus.api.RecordBatch;
import io.liiklus.server.grpc.codec.event.NotAnEvent;

/**
 * Encodes replies straight from stored records: the bytes that protocol buffers would write for a
 * {@code ReceiveReply}, without an object for each record. Confined to one event loop, whose calls
 * share it: a reply is begun, filled, ended and sent without anything in between.
 *
 * <p>The records of a Consume are wrapped once more, beside their partition; fields may come in any
 * order, so that what is known last stands last.
 *
 * <p>A record is the same bytes alone and in a batch but for the tag in front, so both are written
 * one way; a batch gets its own tag and length in front at the end.
 */
public final class ReplyEncoder {

  /**
   * Bytes that the bounds on memory count for a record beyond its encoding: they have 64 bytes
   * beside the contents, and tags, lengths, offset and timestamp take about half of that.
   */
  private static final int LEFT_OF_COUNTED_BYTES = 32;

  private static final int[] FIRST_ATTEMPTS = {};

  private final int maxReplyBytes;
  private final EncodedReply reply;

  private final RecordEncoder record = new RecordEncoder();

  private ReplyFormat format;
  private int mostRecords;
  private int mostBytes;
  private int records;

  /**
   * @param maxReplyBytes no record is added to a reply that would get larger by it; a single one
   *     may be
   */
  public ReplyEncoder(int maxReplyBytes) {
    this.maxReplyBytes = maxReplyBytes;
    this.reply = new EncodedReply(2 * maxReplyBytes);
  }

  public void begin(ReplyFormat wanted) {
    begin(wanted, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** Begins a reply that is to have no more than so many records and bytes, but one record. */
  public void begin(ReplyFormat wanted, int maxRecords, long maxBytes) {
    format = wanted;
    mostRecords = Math.min(wanted.maxRecords(), maxRecords);
    mostBytes = (int) Math.min(maxReplyBytes, maxBytes);
    records = 0;
    reply.clear();
  }

  /**
   * Adds a record and those behind it, as far as they go into the reply. Those of a batch that
   * others get too are encoded once for all of them.
   *
   * @return how many; 0 where the first goes into the next reply
   * @throws NotAnEvent where an event is wanted and the first is none; the reply is as before
   */
  public int appendFrom(RecordBatch batch, int from) {
    return appendFrom(batch, from, batch.size() - from);
  }

  /** The same, of at most so many records. */
  public int appendFrom(RecordBatch batch, int from, int most) {
    var encoded = batch.offset(from) > format.replayedUpTo() ? encoded(batch) : null;
    if (encoded != null) {
      return append(encoded, from, most);
    }
    int index = from;
    try {
      while (index < from + most && append(batch, index)) {
        index++;
      }
    } catch (NotAnEvent reason) {
      // The records before it are sent; it is the first of the next reply.
      if (records == 0) {
        throw reason;
      }
    }
    return index - from;
  }

  private int append(EncodedBatch encoded, int from, int most) {
    int room = mostBytes - reply.available() - EncodedReply.FRONT_BYTES;
    int fitting = Math.max(encoded.fitting(from, room), records == 0 ? 1 : 0);
    int count = Math.min(Math.min(fitting, most), mostRecords - records);
    if (count > 0) {
      reply.addLarge(encoded.slice(from, count));
      records += count;
    }
    return count;
  }

  /** The whole batch, encoded for all its streams; null where it is not, or in another way. */
  private EncodedBatch encoded(RecordBatch batch) {
    var attachment = batch.attachment();
    if (attachment == null) {
      return null;
    }
    var found = attachment.get();
    if (found == null) {
      found = encode(batch);
      attachment.set(found);
    }
    boolean isFit =
        found instanceof EncodedBatch known && known.isFor(format.isEvents(), format.recordTag());
    return isFit ? (EncodedBatch) found : null;
  }

  /** Encodes a batch for all readers, unless most of its values are large: these are not copied. */
  private EncodedBatch encode(RecordBatch batch) {
    long expectedBytes = batch.bytes() - (long) LEFT_OF_COUNTED_BYTES * batch.size();
    if (expectedBytes / batch.size() >= EncodedReply.LARGE_VALUE_BYTES) {
      return EncodedBatch.NONE;
    }
    var ends = new int[batch.size()];
    var whole = EncodedReply.ofAbout(Math.toIntExact(Math.max(0, expectedBytes)));
    try {
      for (int i = 0; i < ends.length; i++) {
        record.take(batch, i, format, false);
        record.write(whole, record.size());
        ends[i] = whole.available();
      }
      return new EncodedBatch(format.isEvents(), format.recordTag(), whole.toArray(), ends);
    } catch (NotAnEvent reason) {
      return EncodedBatch.NONE;
    }
  }

  /**
   * Adds a record.
   *
   * @return false where it goes into the next reply
   * @throws NotAnEvent where an event is wanted and the record is none; the reply is as before
   */
  public boolean append(RecordBatch batch, int index) {
    if (records >= mostRecords) {
      return false;
    }
    record.take(batch, index, format, true);
    int size = record.size();
    int bytes = reply.available() + 1 + varintBytes(size) + size + EncodedReply.FRONT_BYTES;
    if (records > 0 && bytes > mostBytes) {
      return false;
    }
    record.write(reply, size);
    records++;
    return true;
  }

  /** Number of records in the reply. */
  public int records() {
    return records;
  }

  /** Number of bytes that the reply has so far. */
  public int bytes() {
    return reply.available();
  }

  /** The reply, until the next one is begun. It references its batches until it is drained. */
  public EncodedReply end() {
    return end(FIRST_ATTEMPTS);
  }

  /**
   * The same, of a Consume.
   *
   * @param attempts how often each record was sent; empty: all are sent for the first time
   */
  public EncodedReply end(int[] attempts) {
    record.forget();
    if (format.isBatch()) {
      reply.wrap(format.batchTag());
    }
    if (format.isConsumed()) {
      ConsumedFields.write(reply, format.partition(), attempts);
    }
    return reply;
  }
}
