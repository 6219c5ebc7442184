package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.StoredRecords.event;
import static io.liiklus.server.grpc.codec.StoredRecords.header;
import static io.liiklus.server.grpc.codec.StoredRecords.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.google.protobuf.ByteString;
import io.liiklus.server.grpc.codec.StoredRecords;
import io.liiklus.server.grpc.codec.event.NotAnEvent;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyEncoderTest {

  private static final String LEAST =
      "{\"specversion\":\"1.0\",\"id\":\"i\",\"type\":\"t\",\"source\":\"s\"";
  private static final String STRUCTURED = "application/cloudevents+json; charset=UTF-8";

  private static final long LATEST_MS = TimestampField.LATEST_MS;

  private static final Replies BINARY = new Replies(false, -1);
  private static final Replies EVENTS = new Replies(true, -1);

  @Test
  void aRawRecordComesAsItIs() {
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
  void whatIsNotThereIsLeftOut() {
    var record = BINARY.reply(new StoredRecords().add(-1, null, null), 0).getRecord();

    assertThat(record.getKey()).isEmpty();
    assertThat(record.getValue()).isEmpty();
    assertThat(record.getTombstone()).isTrue();
    assertThat(record.hasTimestamp()).isFalse();
  }

  @Test
  void anEmptyValueIsNoTombstone() {
    assertThat(BINARY.reply(StoredRecords.of(""), 0).getRecord().getTombstone()).isFalse();
  }

  @Test
  void aTimestampOfZeroIsOne() {
    assertThat(BINARY.reply(StoredRecords.of("x"), 0).getRecord().hasTimestamp()).isTrue();
    assertThat(EVENTS.reply(StoredRecords.of("x", event()), 0).getLiiklusEventRecord())
        .matches(ReceiveReply.LiiklusEventRecord::hasTimestamp);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, EncodedReply.LARGE_VALUE_BYTES})
  void theBufferOfAValueStaysAsItWas(int length) {
    var value = ByteBuffer.allocate(length + 4).position(2).limit(length + 2);
    var record = BINARY.reply(new StoredRecords().add(0, value, value), 0).getRecord();

    assertThat(record.getKey().size()).isEqualTo(length);
    assertThat(record.getValue().size()).isEqualTo(length);
    assertThat(value.position()).isEqualTo(2);
    assertThat(value.remaining()).isEqualTo(length);
  }

  @Test
  void directAndReadOnlyBuffersAreTakenToo() {
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
  void recordsUpToTheHighestPositionAreReplays() {
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

  @Test
  void anEventComesInItsJsonFormWithAllHeaders() {
    var batch = StoredRecords.of("{}", event(header("content-type", "text/json"), header("x", "")));

    var record = BINARY.reply(batch, 0).getRecord();

    assertThat(record.getValue().toStringUtf8())
        .isEqualTo(LEAST + ",\"datacontenttype\":\"text/json\",\"data\":{}}");
    assertThat(record.getHeadersList())
        .extracting(Header::getKey)
        .containsExactly("ce_specversion", "ce_id", "ce_type", "ce_source", "content-type", "x");
  }

  @Test
  void anEventWithANullValueComesWithoutData() {
    var batch = StoredRecords.ofNull(event(header("content-type", "application/json")));

    var record = BINARY.reply(batch, 0).getRecord();
    var asEvent = EVENTS.reply(batch, 0).getLiiklusEventRecord().getEvent();

    assertThat(record.getValue().toStringUtf8())
        .isEqualTo(LEAST + ",\"datacontenttype\":\"application/json\"}");
    assertThat(record.getTombstone()).isTrue();
    assertThat(asEvent.getData()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce_id", "ce_type", "ce_source"})
  void eventThatLacksAnAttribute_comesAsItIs(String lacking) {
    var batch =
        new StoredRecords()
            .add("value", with(lacking, header(lacking, "")))
            .add("value", with(lacking, new io.liiklus.api.Header(lacking, null)))
            .add("value", with(lacking, header("other", "")));
    var name = lacking.substring(3);
    for (int i = 0; i < 3; i++) {
      var event = EVENTS.reply(batch, i).getLiiklusEventRecord().getEvent();

      assertThat(event.getField(LiiklusEvent.getDescriptor().findFieldByName(name))).isEqualTo("");
      assertThat(event.getData().toStringUtf8()).isEqualTo("value");
      assertThat(BINARY.reply(batch, i).getRecord().getValue().toStringUtf8())
          .isEqualTo(
              LEAST.replaceFirst("\"" + name + "\":\"[a-z]\"", "\"" + name + "\":\"\"")
                  + ",\"data_base64\":\"dmFsdWU=\"}");
    }
  }

  @Test
  void recordWithoutVersion_comesAsItIsAndIsNoEvent() {
    var batch = StoredRecords.of("value", with("ce_specversion", header("ce_spec", "1.0")));

    assertThat(BINARY.reply(batch, 0).getRecord().getValue().toStringUtf8()).isEqualTo("value");
    assertThatThrownBy(() -> EVENTS.reply(batch, 0))
        .isInstanceOf(NotAnEvent.class)
        .hasMessage("it has no header ce_specversion");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/cloudevents-batch+json", "application/cloudevents+avro"})
  void anotherContentMode_isNoEvent(String type) {
    var batch = StoredRecords.of("[]", header("content-type", type));

    assertThat(BINARY.reply(batch, 0).getRecord().getValue().toStringUtf8()).isEqualTo("[]");
    assertThatThrownBy(() -> EVENTS.reply(batch, 0)).isInstanceOf(NotAnEvent.class);
  }

  /** The headers of an event, one of them replaced. */
  private static io.liiklus.api.Header[] with(String key, io.liiklus.api.Header other) {
    return Arrays.stream(event())
        .map(header -> header.key().equals(key) ? other : header)
        .toArray(io.liiklus.api.Header[]::new);
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

  @Test
  void anEventInStructuredModeComesAsItIs() {
    var json = "{ \"id\":\"i\",\"type\":\"t\",\"source\":\"s\" }";
    var batch = StoredRecords.of(json, event(header("Content-Type", STRUCTURED)));

    assertThat(BINARY.reply(batch, 0).getRecord().getValue().toStringUtf8()).isEqualTo(json);
  }

  @Test
  void anEventIsReadFromHeadersInAnyCase() {
    var batch =
        StoredRecords.of(
            "data",
            header("CE_SpecVersion", "1.0"),
            header("CE_ID", "first"),
            header("ce_id", "i"),
            header("Ce_Type", "t"),
            header("ce_SOURCE", "s"),
            header("ce_time", "2026-04-05T17:31:00Z"),
            header("ce_subject", "sub"),
            header("ce_dataschema", "schema"),
            header("ce_Tenant", "blue"),
            header("ce_datacontenttype", "text/css"),
            header("CONTENT-TYPE", "text/plain"),
            header("trace", "1"),
            header("ce_", "2"),
            header("trace", "3"));

    var record = EVENTS.reply(batch, 0).getLiiklusEventRecord();

    assertThat(record.getEvent())
        .isEqualTo(
            leastEvent()
                .setTime("2026-04-05T17:31:00Z")
                .setDataContentType("text/plain")
                .setData(ByteString.copyFromUtf8("data"))
                .putAllExtensions(
                    Map.of("subject", "sub", "dataschema", "schema", "tenant", "blue"))
                .build());
    assertThat(record.getHeadersList())
        .extracting(header -> header.getKey() + "=" + header.getValue().toStringUtf8())
        .containsExactly("trace=1", "ce_=2", "trace=3");
  }

  @Test
  void theTypeOfTheOriginalCountsWhereThereIsNoOther() {
    var batch = StoredRecords.of("", event(header("ce_datacontenttype", "text/css")));

    assertThat(EVENTS.reply(batch, 0).getLiiklusEventRecord().getEvent().getDataContentType())
        .isEqualTo("text/css");
  }

  @Test
  void textThatIsNotUtf8ComesWithReplacements() {
    var broken = new io.liiklus.api.Header("ce_x", new byte[] {'a', (byte) 0xff, 'b'});
    var batch = StoredRecords.of("", event(broken));

    assertThat(EVENTS.reply(batch, 0).getLiiklusEventRecord().getEvent().getExtensionsMap())
        .isEqualTo(Map.of("x", "a\uFFFDb"));
    assertThat(BINARY.reply(batch, 0).getRecord().getValue().toStringUtf8())
        .isEqualTo(LEAST + ",\"x\":\"a\uFFFDb\"}");
  }

  @Test
  void headersNamedLikeTheDataAreNoAttributes() {
    var batch = StoredRecords.of("d", event(header("ce_data", "x"), header("CE_data_base64", "y")));

    var json = BINARY.reply(batch, 0).getRecord().getValue().toStringUtf8();
    var record = EVENTS.reply(batch, 0).getLiiklusEventRecord();

    assertThat(json).isEqualTo(LEAST + ",\"data_base64\":\"ZA==\"}");
    assertThat(record.getEvent().getExtensionsMap()).isEmpty();
    assertThat(record.getHeadersList())
        .extracting(Header::getKey)
        .containsExactly("ce_data", "CE_data_base64");
  }

  @Test
  void inStructuredModeOnlyTheTypeIsLeftOutOfTheHeaders() {
    var json = "{\"id\":\"i2\",\"type\":\"t\",\"source\":\"s\"}";
    var batch = StoredRecords.of(json, event(header("content-type", STRUCTURED)));

    var record = EVENTS.reply(batch, 0).getLiiklusEventRecord();

    assertThat(record.getEvent().getId()).isEqualTo("i2");
    assertThat(record.getHeadersList())
        .extracting(Header::getKey)
        .containsExactly("ce_specversion", "ce_id", "ce_type", "ce_source");
  }

  @Test
  void structuredModeWithoutAValueIsNoEvent() {
    var batch = StoredRecords.ofNull(event(header("content-type", STRUCTURED)));

    assertThatThrownBy(() -> EVENTS.reply(batch, 0))
        .isInstanceOf(NotAnEvent.class)
        .hasMessage("an event in structured mode without a value");
  }

  @Test
  void aBatchOfRecordsIsWhatEachWouldBeAlone() {
    var batch = new StoredRecords().add("a").add("b", event()).add("c").add("d");

    var reply = BINARY.reply(batch, 1, 3);

    assertThat(reply.getRecordBatch().getRecordsList())
        .containsExactly(BINARY.reply(batch, 1).getRecord(), BINARY.reply(batch, 2).getRecord());
  }

  @Test
  void aBatchOfEventsEndsBeforeTheFirstThatIsNone() {
    var batch = new StoredRecords().add("a", event()).add("b", event()).add("c").add("d", event());

    var reply = EVENTS.reply(batch, 0, 4);

    assertThat(reply.getLiiklusEventRecordBatch().getRecordsList())
        .containsExactly(
            EVENTS.reply(batch, 0).getLiiklusEventRecord(),
            EVENTS.reply(batch, 1).getLiiklusEventRecord());
    assertThatThrownBy(() -> EVENTS.reply(batch, 2, 4)).isInstanceOf(NotAnEvent.class);
  }

  private static LiiklusEvent.Builder leastEvent() {
    return LiiklusEvent.newBuilder().setId("i").setType("t").setSource("s");
  }

  @Test
  void aBatchThatOthersGetTooIsEncodedOnceForEachFormat() {
    var batch = StoredRecords.of("a", header("h", "1")).add("b").share();
    var first = shared(batch, new ReplyFormat(false, 2, -1));
    var encoded = batch.attachment().get();

    assertThat(encoded).isNotNull().isNotSameAs(EncodedBatch.NONE);
    assertThat(shared(batch, new ReplyFormat(false, 2, StoredRecords.FIRST_OFFSET - 1)))
        .isEqualTo(first);
    assertThat(batch.attachment().get()).isSameAs(encoded);
  }

  @Test
  void whatOthersDoNotGetAsItIsHasItsOwnEncoding() {
    var batch = StoredRecords.of("a", StoredRecords.event()).share();
    var first = shared(batch, new ReplyFormat(false, 2, -1));

    assertThat(shared(batch, new ReplyFormat(true, 2, -1))).isNotEqualTo(first);
    assertThat(shared(batch, new ReplyFormat(false, 2, StoredRecords.FIRST_OFFSET)))
        .isNotEqualTo(first);
  }

  @Test
  void largeValuesOfABatchThatOthersGetAreNotCopied() {
    var batch = StoredRecords.of("x".repeat(EncodedReply.LARGE_VALUE_BYTES)).share();
    shared(batch, new ReplyFormat(false, 2, -1));

    assertThat(batch.attachment().get()).isSameAs(EncodedBatch.NONE);
  }

  @Test
  void aFewLargeValuesAmongSmallOnesAreEncodedOnceToo() {
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
