package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.StoredRecords.event;
import static io.liiklus.server.grpc.codec.StoredRecords.header;
import static io.liiklus.server.grpc.codec.StoredRecords.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import io.liiklus.server.grpc.codec.StoredRecords;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyEncoderTest {

  private static final String LEAST =
      "{\"specversion\":\"1.0\",\"id\":\"i\",\"type\":\"t\",\"source\":\"s\"";
  private static final long LATEST_MS = TimestampField.LATEST_MS;
  private static final Replies BINARY = new Replies(false, -1);
  private static final Replies EVENTS = new Replies(true, -1);

  @Test
  void rawRecord_comesAsItIs() {
    var binary = new byte[] {0, (byte) 0xff, (byte) 0x80};
    var batch =
        new StoredRecords()
            .add(
                1_234_567L,
                ByteBuffer.wrap(utf8("key")),
                ByteBuffer.wrap(binary),
                header("a", "1"),
                new io.liiklus.api.Header("b", null),
                new io.liiklus.api.Header("a", binary));

    var record = BINARY.reply(batch, 0).getRecord();

    assertThat(record.getOffset()).isEqualTo(StoredRecords.FIRST_OFFSET);
    assertThat(record.getKey().toStringUtf8()).isEqualTo("key");
    assertThat(record.getValue().toByteArray()).isEqualTo(binary);
    assertThat(record.getTimestamp().getSeconds()).isEqualTo(1_234);
    assertThat(record.getTimestamp().getNanos()).isEqualTo(567_000_000);
    assertThat(record.getTombstone()).isFalse();
    assertThat(record.getHeadersList())
        .extracting(Header::getKey, header -> header.getValue().toByteArray())
        .containsExactly(tuple("a", utf8("1")), tuple("b", new byte[0]), tuple("a", binary));
  }

  @Test
  void absentFields_areLeftOut() {
    var record = BINARY.reply(new StoredRecords().add(-1, null, null), 0).getRecord();

    assertThat(record.getKey()).isEmpty();
    assertThat(record.getValue()).isEmpty();
    assertThat(record.getTombstone()).isTrue();
    assertThat(record.hasTimestamp()).isFalse();
  }

  @Test
  void emptyValue_isNoTombstone() {
    assertThat(BINARY.reply(StoredRecords.of(""), 0).getRecord().getTombstone()).isFalse();
  }

  @Test
  void timestampOfZero_isATimestamp() {
    assertThat(BINARY.reply(StoredRecords.of("x"), 0).getRecord().hasTimestamp()).isTrue();
    assertThat(EVENTS.reply(StoredRecords.of("x", event()), 0).getLiiklusEventRecord())
        .matches(ReceiveReply.LiiklusEventRecord::hasTimestamp);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, EncodedReply.LARGE_VALUE_BYTES})
  void valueBuffer_staysAsItWas(int length) {
    var value = ByteBuffer.allocate(length + 4).position(2).limit(length + 2);
    var record = BINARY.reply(new StoredRecords().add(0, value, value), 0).getRecord();

    assertThat(record.getKey().size()).isEqualTo(length);
    assertThat(record.getValue().size()).isEqualTo(length);
    assertThat(value.position()).isEqualTo(2);
    assertThat(value.remaining()).isEqualTo(length);
  }

  @Test
  void directAndReadOnlyBuffers_areTaken() {
    var direct = ByteBuffer.allocateDirect(5).put(utf8("value")).flip();
    var readOnly = ByteBuffer.wrap(utf8("{\"id\":\"i\",\"type\":\"t\",\"source\":\"s\"}"));
    var batch =
        new StoredRecords()
            .add(0, direct, direct, event())
            .add(
                0,
                null,
                readOnly.asReadOnlyBuffer(),
                header("content-type", "application/cloudevents+json"));

    assertThat(BINARY.reply(batch, 0).getRecord().getValue().toStringUtf8())
        .isEqualTo(LEAST + ",\"data_base64\":\"dmFsdWU=\"}");
    assertThat(EVENTS.reply(batch, 1).getLiiklusEventRecord().getEvent().getId()).isEqualTo("i");
  }

  @Test
  void recordsUpToTheHighestPosition_areReplays() {
    var batch = new StoredRecords().add("a", event()).add("b", event()).add("c", event());
    for (boolean isEventFormat : new boolean[] {false, true}) {
      var replies = new Replies(isEventFormat, StoredRecords.FIRST_OFFSET + 1);
      for (int i = 0; i < 3; i++) {
        var reply = replies.reply(batch, i);
        boolean isReplay =
            isEventFormat
                ? reply.getLiiklusEventRecord().getReplay()
                : reply.getRecord().getReplay();
        assertThat(isReplay).as("record %d", i).isEqualTo(i <= 1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, LATEST_MS + 1, 1_700_000_000_000_000L, Long.MAX_VALUE})
  void timestampOutOfRange_isLeftUnset(long ms) {
    var batch = new StoredRecords().add(ms, null, null, event());

    assertThat(BINARY.reply(batch, 0).getRecord().hasTimestamp()).isFalse();
    assertThat(EVENTS.reply(batch, 0).getLiiklusEventRecord().hasTimestamp()).isFalse();
  }

  @Test
  void lastTimestamp_isTheEndOfYear9999() {
    var batch = new StoredRecords().add(LATEST_MS, null, null, event());

    var timestamp = BINARY.reply(batch, 0).getRecord().getTimestamp();

    assertThat(Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos()))
        .isEqualTo("9999-12-31T23:59:59.999Z");
  }
}
