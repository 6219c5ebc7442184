package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.StoredRecords.event;
import static io.liiklus.server.grpc.codec.StoredRecords.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.google.protobuf.ByteString;
import io.liiklus.server.grpc.codec.StoredRecords;
import io.liiklus.server.grpc.codec.event.NotAnEvent;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events of either content mode as replies in either format. */
class EventRepliesTest {

  private static final String LEAST =
      "{\"specversion\":\"1.0\",\"id\":\"i\",\"type\":\"t\",\"source\":\"s\"";
  private static final String STRUCTURED = "application/cloudevents+json; charset=UTF-8";
  private static final Replies BINARY = new Replies(false, -1);
  private static final Replies EVENTS = new Replies(true, -1);

  @Test
  void event_comesInItsJsonFormWithAllHeaders() {
    var batch = StoredRecords.of("{}", event(header("content-type", "text/json"), header("x", "")));

    var record = BINARY.reply(batch, 0).getRecord();

    assertThat(record.getValue().toStringUtf8())
        .isEqualTo(LEAST + ",\"datacontenttype\":\"text/json\",\"data\":{}}");
    assertThat(record.getHeadersList())
        .extracting(Header::getKey)
        .containsExactly("ce_specversion", "ce_id", "ce_type", "ce_source", "content-type", "x");
  }

  @Test
  void eventWithNullValue_comesWithoutData() {
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

  @Test
  void structuredEvent_comesAsItIs() {
    var json = "{ \"id\":\"i\",\"type\":\"t\",\"source\":\"s\" }";
    var batch = StoredRecords.of(json, event(header("Content-Type", STRUCTURED)));

    assertThat(BINARY.reply(batch, 0).getRecord().getValue().toStringUtf8()).isEqualTo(json);
  }

  @Test
  void event_isReadFromHeadersInAnyCase() {
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
  void typeOfTheOriginal_countsWithoutAnother() {
    var batch = StoredRecords.of("", event(header("ce_datacontenttype", "text/css")));

    assertThat(EVENTS.reply(batch, 0).getLiiklusEventRecord().getEvent().getDataContentType())
        .isEqualTo("text/css");
  }

  @Test
  void textOtherThanUtf8_comesWithReplacements() {
    var broken = new io.liiklus.api.Header("ce_x", new byte[] {'a', (byte) 0xff, 'b'});
    var batch = StoredRecords.of("", event(broken));

    assertThat(EVENTS.reply(batch, 0).getLiiklusEventRecord().getEvent().getExtensionsMap())
        .isEqualTo(Map.of("x", "a\uFFFDb"));
    assertThat(BINARY.reply(batch, 0).getRecord().getValue().toStringUtf8())
        .isEqualTo(LEAST + ",\"x\":\"a\uFFFDb\"}");
  }

  @Test
  void headersNamedLikeTheData_areNoAttributes() {
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
  void structuredEvent_leavesOnlyTheTypeOutOfTheHeaders() {
    var json = "{\"id\":\"i2\",\"type\":\"t\",\"source\":\"s\"}";
    var batch = StoredRecords.of(json, event(header("content-type", STRUCTURED)));

    var record = EVENTS.reply(batch, 0).getLiiklusEventRecord();

    assertThat(record.getEvent().getId()).isEqualTo("i2");
    assertThat(record.getHeadersList())
        .extracting(Header::getKey)
        .containsExactly("ce_specversion", "ce_id", "ce_type", "ce_source");
  }

  @Test
  void structuredEventWithoutValue_isNoEvent() {
    var batch = StoredRecords.ofNull(event(header("content-type", STRUCTURED)));

    assertThatThrownBy(() -> EVENTS.reply(batch, 0))
        .isInstanceOf(NotAnEvent.class)
        .hasMessage("an event in structured mode without a value");
  }

  private static LiiklusEvent.Builder leastEvent() {
    return LiiklusEvent.newBuilder().setId("i").setType("t").setSource("s");
  }
}
