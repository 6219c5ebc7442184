package io.liiklus.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReplySkimTest {

  private final ReplySkim skim = new ReplySkim();

  @Test
  void singleRecord_countsOne() throws IOException {
    read(ReceiveReply.newBuilder().setRecord(record(0)));
    assertThat(skim.records()).isEqualTo(1);

    read(ReceiveReply.newBuilder().setRecord(record(1)));
    assertThat(skim.lastOffset()).isEqualTo(1);
  }

  @Test
  void recordsOfABatch_areCounted() throws IOException {
    var batch = ReceiveReply.RecordBatch.newBuilder();
    for (int offset = 0; offset < 300; offset++) {
      batch.addRecords(record(offset));
    }

    read(ReceiveReply.newBuilder().setRecordBatch(batch));

    assertThat(skim.records()).isEqualTo(300);
    assertThat(skim.lastOffset()).isEqualTo(299);
  }

  @Test
  void events_areCounted() throws IOException {
    var event =
        ReceiveReply.LiiklusEventRecord.newBuilder()
            .setEvent(LiiklusEvent.newBuilder().setId("1").setType("t").setSource("s"));

    read(ReceiveReply.newBuilder().setLiiklusEventRecord(event));
    read(
        ReceiveReply.newBuilder()
            .setLiiklusEventRecordBatch(
                ReceiveReply.LiiklusEventRecordBatch.newBuilder()
                    .addRecords(event.setOffset(1))
                    .addRecords(event.clone().setOffset(2))));

    assertThat(skim.lastOffset()).isEqualTo(2);
  }

  @Test
  void missingRecord_isNoticed() throws IOException {
    read(ReceiveReply.newBuilder().setRecord(record(0)));

    assertThatThrownBy(() -> read(ReceiveReply.newBuilder().setRecord(record(2))))
        .isInstanceOf(IOException.class)
        .hasMessage("offset 2 after 0");
  }

  private void read(ReceiveReply.Builder reply) throws IOException {
    skim.read(new ByteArrayInputStream(reply.build().toByteArray()));
  }

  private static ReceiveReply.Record.Builder record(long offset) {
    return ReceiveReply.Record.newBuilder()
        .setOffset(offset)
        .setValue(ByteString.copyFrom(new byte[500]));
  }
}
