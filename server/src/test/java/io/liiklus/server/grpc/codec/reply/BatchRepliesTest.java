package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.StoredRecords.event;
import static io.liiklus.server.grpc.codec.StoredRecords.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.server.grpc.codec.StoredRecords;
import io.liiklus.server.grpc.codec.event.NotAnEvent;
import org.junit.jupiter.api.Test;

/** Replies with many records, alone and for all readers of a batch. */
class BatchRepliesTest {

  private static final Replies BINARY = new Replies(false, -1);
  private static final Replies EVENTS = new Replies(true, -1);

  @Test
  void batchOfRecords_equalsItsSingleRecords() {
    var batch = new StoredRecords().add("a").add("b", event()).add("c").add("d");

    var reply = BINARY.reply(batch, 1, 3);

    assertThat(reply.getRecordBatch().getRecordsList())
        .containsExactly(BINARY.reply(batch, 1).getRecord(), BINARY.reply(batch, 2).getRecord());
  }

  @Test
  void batchOfEvents_endsBeforeTheFirstRecordThatIsNone() {
    var batch = new StoredRecords().add("a", event()).add("b", event()).add("c").add("d", event());

    var reply = EVENTS.reply(batch, 0, 4);

    assertThat(reply.getLiiklusEventRecordBatch().getRecordsList())
        .containsExactly(
            EVENTS.reply(batch, 0).getLiiklusEventRecord(),
            EVENTS.reply(batch, 1).getLiiklusEventRecord());
    assertThatThrownBy(() -> EVENTS.reply(batch, 2, 4)).isInstanceOf(NotAnEvent.class);
  }

  @Test
  void sharedBatch_isEncodedOnceForEachFormat() {
    var batch = StoredRecords.of("a", header("h", "1")).add("b").share();
    var first = shared(batch, new ReplyFormat(false, 2, -1));
    var encoded = batch.attachment().get();

    assertThat(encoded).isNotNull().isNotSameAs(EncodedBatch.NONE);
    assertThat(shared(batch, new ReplyFormat(false, 2, StoredRecords.FIRST_OFFSET - 1)))
        .isEqualTo(first);
    assertThat(batch.attachment().get()).isSameAs(encoded);
  }

  @Test
  void partOfASharedBatch_hasItsOwnEncoding() {
    var batch = StoredRecords.of("a", StoredRecords.event()).share();
    var first = shared(batch, new ReplyFormat(false, 2, -1));

    assertThat(shared(batch, new ReplyFormat(true, 2, -1))).isNotEqualTo(first);
    assertThat(shared(batch, new ReplyFormat(false, 2, StoredRecords.FIRST_OFFSET)))
        .isNotEqualTo(first);
  }

  @Test
  void largeValuesOfASharedBatch_areNotCopied() {
    var batch = StoredRecords.of("x".repeat(EncodedReply.LARGE_VALUE_BYTES)).share();
    shared(batch, new ReplyFormat(false, 2, -1));

    assertThat(batch.attachment().get()).isSameAs(EncodedBatch.NONE);
  }

  @Test
  void fewLargeValuesAmongSmallOnes_areEncodedOnce() {
    var large = "x".repeat(EncodedReply.LARGE_VALUE_BYTES);
    var batch = StoredRecords.of(large, event()).add("b", event()).share();
    shared(batch, new ReplyFormat(true, 2, -1));

    assertThat(batch.attachment().get()).isNotSameAs(EncodedBatch.NONE);
  }

  private static byte[] shared(StoredRecords batch, ReplyFormat format) {
    var encoder = new ReplyEncoder(Replies.MAX_REPLY_BYTES);
    encoder.begin(format);
    assertThat(encoder.appendFrom(batch, 0)).isEqualTo(batch.size());
    return Replies.bytes(encoder.end());
  }
}
