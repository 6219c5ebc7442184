package io.liiklus.storage.kafka.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** When a batch that is held for long has to be copied out of its fetch. */
class KafkaRecordBatchTest {

  private static final int RECORDS = 50;

  @Test
  void largeRecordsThatFillTheirFetch_areNotCopied() {
    var batch = batch(slices(new byte[RECORDS * 1_000], 1_000));

    assertThat(batch.copyFrom(0)).isSameAs(batch);
  }

  @Test
  void largeCompressedRecords_areNotCopied() {
    var batch = batch(index -> ByteBuffer.allocate(1_000));

    assertThat(batch.copyFrom(0)).isSameAs(batch);
  }

  @Test
  void fewRecordsOfALargeFetch_areCopied() {
    var batch = batch(slices(new byte[2 * RECORDS * 1_000], 1_000));
    var copy = batch.copyFrom(0);

    assertThat(copy).isNotSameAs(batch);
    assertThat(copy.value(RECORDS - 1).array()).hasSize(RECORDS * 1_000);
    // And that once.
    assertThat(copy.copyFrom(0)).isSameAs(copy);
  }

  @Test
  void smallRecords_areCopiedForTheirLargerObjects() {
    var batch = batch(slices(new byte[RECORDS * 100], 100));

    assertThat(batch.copyFrom(0)).isNotSameAs(batch);
  }

  @Test
  void restOfABatch_isCopied() {
    var batch = batch(slices(new byte[RECORDS * 1_000], 1_000));

    assertThat(batch.copyFrom(1).value(0).array()).hasSize((RECORDS - 1) * 1_000);
  }

  @Test
  void bufferWithoutArray_isCopied() {
    var batch = batch(index -> ByteBuffer.allocateDirect(1_000));

    assertThat(batch.copyFrom(0)).isNotSameAs(batch);
  }

  @Test
  void keyWithoutValue_countsForItsFetch() {
    var fetch = new byte[100_000];
    var batch =
        new KafkaRecordBatch(
            List.of(new ConsumerRecord<>("topic", 0, 0, ByteBuffer.wrap(fetch, 0, 1_000), null)));

    assertThat(batch.copyFrom(0)).isNotSameAs(batch);
  }

  private static IntFunction<ByteBuffer> slices(byte[] fetch, int bytes) {
    return index -> ByteBuffer.wrap(fetch, index * bytes, bytes).slice();
  }

  private static KafkaRecordBatch batch(IntFunction<ByteBuffer> values) {
    var records = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
    for (int i = 0; i < RECORDS; i++) {
      records.add(new ConsumerRecord<>("topic", 0, i, null, values.apply(i)));
    }
    return new KafkaRecordBatch(records);
  }
}
