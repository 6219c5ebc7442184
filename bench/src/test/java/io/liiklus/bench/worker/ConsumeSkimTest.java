package io.liiklus.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.bsideup.liiklus.protocol.AckedPositions;
import com.github.bsideup.liiklus.protocol.ConsumeRecords;
import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ReceiveReply.Record;
import com.github.bsideup.liiklus.protocol.ReceiveReply.RecordBatch;
import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ConsumeSkimTest {

  private final ConsumeSkim skim = new ConsumeSkim(2);

  @Test
  void records_areCountedByPartition() throws IOException {
    read(records(1, 0, 300));
    assertThat(skim.records()).isEqualTo(300);
    assertThat(skim.partition()).isEqualTo(1);
    assertThat(skim.lastOffset()).isEqualTo(299);
    assertThat(skim.isAt(0)).isFalse();

    read(records(0, 0, 1));
    assertThat(skim.partition()).isZero();
    assertThat(skim.isAt(0)).isTrue();
  }

  @Test
  void partitionBehindTheRecords_isTheirs() throws IOException {
    // Of partition 0, which is not written, and then the partition.
    var records = records(0, 0, 2).getRecords().toByteString();
    var partition = ConsumeRecords.newBuilder().setPartition(1).build().toByteString();
    var reply = ByteString.newOutput();
    reply.write(ConsumeReply.RECORDS_FIELD_NUMBER << 3 | 2);
    reply.write(records.size() + partition.size());
    records.concat(partition).writeTo(reply);

    skim.read(new ByteArrayInputStream(reply.toByteString().toByteArray()));

    assertThat(skim.partition()).isEqualTo(1);
    assertThat(skim.lastOffset()).isEqualTo(1);
  }

  @Test
  void otherReplies_haveNoRecords() throws IOException {
    read(ConsumeReply.newBuilder().setAcked(AckedPositions.newBuilder().putPositions(1, 7)));

    assertThat(skim.records()).isZero();
  }

  @Test
  void missingRecord_isNoticed() throws IOException {
    read(records(1, 0, 1));

    assertThatThrownBy(() -> read(records(1, 2, 1)))
        .isInstanceOf(IOException.class)
        .hasMessage("partition 1: offset 2 after 0");
  }

  private void read(ConsumeReply.Builder reply) throws IOException {
    skim.read(new ByteArrayInputStream(reply.build().toByteArray()));
  }

  private static ConsumeReply.Builder records(int partition, long first, int count) {
    var batch = RecordBatch.newBuilder();
    for (long offset = first; offset < first + count; offset++) {
      batch.addRecords(
          Record.newBuilder().setOffset(offset).setValue(ByteString.copyFromUtf8("value")));
    }
    return ConsumeReply.newBuilder()
        .setRecords(ConsumeRecords.newBuilder().setPartition(partition).setRecords(batch));
  }
}
