package io.liiklus.storage.kafka.read;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordBytes;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.FetchedBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Records that one poll returned for one partition; their buffers are slices of the fetch.
 * Immutable, but for its attachment.
 */
final class KafkaRecordBatch implements FetchedBatch {

  /** Estimate of a record's objects: Kafka's own, buffers, list of headers. */
  private static final long OBJECT_BYTES = 256;

  private final List<ConsumerRecord<ByteBuffer, ByteBuffer>> records;

  /** Converted once, since each access to Kafka's headers makes new objects; null: none has any. */
  private final List<Header>[] headers;

  private final long bytes;

  /** Slot for the encoder; null unless several groups share the batch. */
  private AtomicReference<Object> attachment;

  KafkaRecordBatch(List<ConsumerRecord<ByteBuffer, ByteBuffer>> records) {
    this.records = records;
    List<Header>[] lists = null;
    long held = 0;
    for (int i = 0; i < records.size(); i++) {
      var record = records.get(i);
      var ofRecord = convert(record.headers());
      if (!ofRecord.isEmpty()) {
        lists = lists == null ? noLists(records.size()) : lists;
        lists[i] = ofRecord;
      }
      held += RecordBytes.of(record.key(), record.value(), ofRecord);
    }
    this.headers = lists;
    this.bytes = held;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static List<Header>[] noLists(int size) {
    return new List[size];
  }

  private static List<Header> convert(Headers kafkas) {
    var stored = kafkas.toArray();
    if (stored.length == 0) {
      return List.of();
    }
    var converted = new ArrayList<Header>(stored.length);
    for (var header : stored) {
      converted.add(new Header(header.key(), header.value()));
    }
    return converted;
  }

  @Override
  public int size() {
    return records.size();
  }

  @Override
  public long offset(int index) {
    return records.get(index).offset();
  }

  @Override
  public void share() {
    attachment = new AtomicReference<>();
  }

  @Override
  public int epoch(int index) {
    return records.get(index).leaderEpoch().orElse(FetchPosition.UNKNOWN);
  }

  @Override
  public long timestamp(int index) {
    return records.get(index).timestamp();
  }

  @Override
  public ByteBuffer key(int index) {
    return records.get(index).key();
  }

  @Override
  public ByteBuffer value(int index) {
    return records.get(index).value();
  }

  @Override
  public List<Header> headers(int index) {
    return headers == null || headers[index] == null ? List.of() : headers[index];
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public RecordBatch copyFrom(int index) {
    return index == 0 && isCompact() ? this : FetchedBatch.super.copyFrom(index);
  }

  /**
   * Returns whether the memory that it pins is at most one and a half times what the bounds count
   * for it. A copy would only be one more array for the collector then.
   */
  @SuppressWarnings("ByteBufferBackingArray") // Only which array it is, and how long.
  private boolean isCompact() {
    long most = bytes + bytes / 2;
    long held = OBJECT_BYTES * records.size();
    byte[] counted = null;
    for (int i = 0; i < records.size() && held <= most; i++) {
      var record = records.get(i);
      var buffer = record.value() == null ? record.key() : record.value();
      if (buffer != null && !buffer.hasArray()) {
        return false;
      }
      // Records of one fetch share an array; compressed ones have an array each.
      if (buffer != null && buffer.array() != counted) {
        counted = buffer.array();
        held += counted.length;
      }
    }
    return held <= most;
  }

  @Override
  public AtomicReference<Object> attachment() {
    return attachment;
  }
}
