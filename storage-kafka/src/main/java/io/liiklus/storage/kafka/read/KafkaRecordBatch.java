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
 * What one poll returned for one partition; its buffers are slices of the fetch. Immutable, but for
 * its attachment.
 */
final class KafkaRecordBatch implements FetchedBatch {

  /** About what the objects of a record take: Kafka's, its buffers, its headers' list. */
  private static final long OBJECT_BYTES = 256;

  private final List<ConsumerRecord<ByteBuffer, ByteBuffer>> records;

  /** Of the records that have any, since each look at Kafka's headers makes new objects. */
  private final List<Header>[] headers;

  private final long bytes;

  /** Null unless several groups get the batch. */
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
   * Whether it holds on to no more than half as much again as the bounds count for it, so that
   * copying it would only be one more array for the collector.
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
      // Those of one fetch stand in one array; those that were compressed have one each.
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
