package io.liiklus.storage.kafka;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What one poll returned for one partition; its buffers are slices of the fetch. Immutable. */
final class KafkaRecordBatch implements RecordBatch {

  private final List<ConsumerRecord<ByteBuffer, ByteBuffer>> records;
  private final long bytes;

  KafkaRecordBatch(List<ConsumerRecord<ByteBuffer, ByteBuffer>> records) {
    this.records = records;
    long held = 0;
    for (int i = 0; i < records.size(); i++) {
      var record = records.get(i);
      held += RecordBytes.of(record.key(), record.value(), headers(i));
    }
    this.bytes = held;
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
    var stored = records.get(index).headers().toArray();
    if (stored.length == 0) {
      return List.of();
    }
    var headers = new ArrayList<Header>(stored.length);
    for (var header : stored) {
      headers.add(new Header(header.key(), header.value()));
    }
    return headers;
  }

  @Override
  public long bytes() {
    return bytes;
  }
}
