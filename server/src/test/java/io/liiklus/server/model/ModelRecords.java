package io.liiklus.server.model;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** What is in the model's log as a consumer returns it. */
final class ModelRecords {

  private static final int SMALL = 10;
  private static final int LARGE = 200;

  /** The most that a record counts for. */
  static final long MOST_BYTES = mostBytes();

  private ModelRecords() {}

  private static long mostBytes() {
    var id = ModelTopic.recordId(1_000, ModelTopic.PARTITIONS, 1_000_000, 1_000);
    var largest = record(ModelConsumer.id(0), new ModelTopic.Entry(0, 0, id, true, true, LARGE));
    var headers = new ArrayList<Header>();
    largest.headers().forEach(header -> headers.add(new Header(header.key(), header.value())));
    return RecordBytes.of(largest.key(), largest.value(), headers);
  }

  static int bytes(boolean isLarge) {
    return isLarge ? LARGE : SMALL;
  }

  static ConsumerRecord<ByteBuffer, ByteBuffer> record(TopicPartition id, ModelTopic.Entry entry) {
    Headers headers = new RecordHeaders();
    if (entry.isEvent()) {
      add(headers, "ce_specversion", "1.0");
      add(headers, "ce_id", entry.id());
      add(headers, "ce_type", "written");
      add(headers, "ce_source", "model");
    }
    var value = new byte[entry.bytes()];
    Arrays.fill(value, (byte) ' ');
    var text = entry.id().getBytes(StandardCharsets.UTF_8);
    System.arraycopy(text, 0, value, 0, Math.min(text.length, value.length));
    return new ConsumerRecord<>(
        id.topic(),
        id.partition(),
        entry.offset(),
        0,
        TimestampType.CREATE_TIME,
        0,
        value.length,
        null,
        ByteBuffer.wrap(value),
        headers,
        Optional.of(entry.epoch()));
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
