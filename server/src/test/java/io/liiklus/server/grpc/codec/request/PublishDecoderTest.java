package io.liiklus.server.grpc.codec.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import io.liiklus.api.RecordToPublish;
import io.liiklus.server.grpc.codec.status.BadRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishDecoderTest {

  private static final PublishDecoder DECODER = new PublishDecoder(true, 1_000);

  private record Refusal(PublishRequest.Builder request, String text) {}

  @Test
  void rawValue_isStoredAsItIs() {
    var record =
        DECODER.decode(request().setKey(bytes("key")).setValue(bytes("\u0000value")).build());

    assertThat(record.topic()).isEqualTo("topic");
    assertThat(record.key()).asString().isEqualTo("key");
    assertThat(record.value()).asString().isEqualTo("\u0000value");
    assertThat(record.headers()).isEmpty();
  }

  @Test
  void emptyRequest_publishesAnEmptyValue() {
    assertThat(DECODER.decode(request().build()).value()).isNotNull().isEmpty();
  }

  @Test
  void emptyKey_isNoneOrAsTheOriginalStoredIt() {
    assertThat(DECODER.decode(request().build()).key()).isNull();
    assertThat(new PublishDecoder(false, 1_000).decode(request().build()).key())
        .isNotNull()
        .isEmpty();
  }

  @Test
  void tombstone_hasNoValueAndKeepsKeyAndHeaders() {
    var record =
        DECODER.decode(
            request().setKey(bytes("key")).setTombstone(true).addHeaders(header("a")).build());

    assertThat(record.value()).isNull();
    assertThat(record.key()).asString().isEqualTo("key");
    assertThat(headers(record)).containsExactly("a=");
  }

  @Test
  void event_isStoredInBinaryMode() {
    var event =
        event()
            .setTime("2026-04-05T17:31:00Z")
            .setDataContentType("application/json; charset=utf-8")
            .setData(bytes("{\"n\": 1.10}"))
            .putExtensions("tenant", "blau")
            .putExtensions("nr0", "ä");

    var record = DECODER.decode(request().setLiiklusEvent(event).build());

    assertThat(record.value()).asString().isEqualTo("{\"n\": 1.10}");
    assertThat(headers(record))
        .containsExactlyInAnyOrder(
            "ce_specversion=1.0",
            "ce_id=i",
            "ce_type=t",
            "ce_source=s",
            "ce_time=2026-04-05T17:31:00Z",
            "content-type=application/json; charset=utf-8",
            "ce_datacontenttype=application/json; charset=utf-8",
            "ce_tenant=blau",
            "ce_nr0=ä");
  }

  @Test
  void smallestEvent_hasNoOtherHeadersAndAnEmptyValue() {
    var record = DECODER.decode(request().setLiiklusEvent(event()).build());

    assertThat(record.value()).as("a null would delete the key").isNotNull().isEmpty();
    assertThat(headers(record))
        .containsExactly("ce_specversion=1.0", "ce_id=i", "ce_type=t", "ce_source=s");
  }

  @Test
  void furtherHeaders_keepOrderAndRepeats() {
    var record =
        DECODER.decode(
            request()
                .setLiiklusEvent(event())
                .addHeaders(Header.newBuilder().setKey("b").setValue(bytes("1")))
                .addHeaders(Header.newBuilder().setKey("a").setValue(bytes("2")))
                .addHeaders(Header.newBuilder().setKey("b").setValue(bytes("3")))
                .build());

    assertThat(headers(record)).endsWith("b=1", "a=2", "b=3").hasSize(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"content-type", "Content-Type", "ce", "ce-id", "xce_id", "cE"})
  void rawRecord_mayHaveAnyHeaderThatIsNoneOfAnEvent(String key) {
    assertThat(headers(DECODER.decode(request().addHeaders(header(key)).build())))
        .containsExactly(key + "=");
  }

  @Test
  void timeAsJavaWritesIt_isStoredByRfc3339() {
    var event = event().setTime("2026-11-30T04:26:30.88Z[Etc/UTC]");

    assertThat(headers(DECODER.decode(request().setLiiklusEvent(event).build())))
        .endsWith("ce_time=2026-11-30T04:26:30.88Z");
  }

  @Test
  void otherTime_isRefused() {
    refuses(
        request().setLiiklusEvent(event().setTime("noon")),
        "liiklusEvent.time: \"noon\" is not allowed; a time by RFC 3339,"
            + " as in 2026-04-05T17:31:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "foo_bar",
        "foo-bar",
        "Foo",
        "fooBar",
        "fö",
        "a b",
        "id",
        "source",
        "specversion",
        "type",
        "datacontenttype",
        "time",
        "data",
        "data_base64"
      })
  void extensionWithAnotherName_isRefused(String name) {
    refuses(
        request().setLiiklusEvent(event().putExtensions(name, "x")),
        "liiklusEvent.extensions["
            + name
            + "]: is not allowed;"
            + " a name of a-z and 0-9 that is none of CloudEvents' own attributes"
            + " but subject and dataschema");
  }

  @ParameterizedTest
  @ValueSource(strings = {"subject", "dataschema"})
  void attributeWithoutField_isAnExtension(String name) {
    var event = event().putExtensions(name, "x");

    assertThat(headers(DECODER.decode(request().setLiiklusEvent(event).build())))
        .endsWith("ce_" + name + "=x");
  }

  @Test
  void headersAndExtensions_haveABound() {
    var decoder = new PublishDecoder(true, 2);
    var event = event().putExtensions("a", "").putExtensions("b", "");
    var request = request().addHeaders(header("a")).addHeaders(header("a")).setLiiklusEvent(event);

    assertThat(decoder.decode(request.build()).headers()).hasSize(8);
    assertThatThrownBy(() -> decoder.decode(request.addHeaders(header("")).build()))
        .isInstanceOf(BadRequest.class)
        .hasMessage("headers: more than 2 headers are not allowed (publish.maxHeaders)");
    assertThatThrownBy(
            () -> decoder.decode(request().setLiiklusEvent(event.putExtensions("C", "")).build()))
        .isInstanceOf(BadRequest.class)
        .hasMessage(
            "liiklusEvent.extensions: more than 2 extensions are not allowed (publish.maxHeaders)");
  }

  @ParameterizedTest
  @MethodSource
  void contractBreach_isRefused(Refusal refusal) {
    refuses(refusal.request(), refusal.text());
  }

  static List<Refusal> contractBreach_isRefused() {
    return List.of(
        new Refusal(
            request().setTopic(""),
            "topic: \"\" is not allowed;"
                + " 1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-', and not '.' or '..'"),
        new Refusal(
            request().setLiiklusEvent(event().clearId()),
            "liiklusEvent.id: is empty; an event has one"),
        new Refusal(
            request().setLiiklusEvent(event().clearType()),
            "liiklusEvent.type: is empty; an event has one"),
        new Refusal(
            request().setLiiklusEvent(event().clearSource()),
            "liiklusEvent.source: is empty; an event has one"),
        new Refusal(
            request().setLiiklusEvent(LiiklusEvent.getDefaultInstance()),
            "liiklusEvent.id: is empty; an event has one"),
        new Refusal(
            request().setLiiklusEvent(event()).setValue(bytes("x")),
            "value: is not allowed beside liiklusEvent; one of the two"),
        new Refusal(
            request().setTombstone(true).setValue(bytes("x")),
            "tombstone: is not allowed beside value; a tombstone has neither value nor event"),
        new Refusal(
            request().setTombstone(true).setLiiklusEvent(LiiklusEvent.getDefaultInstance()),
            "tombstone: is not allowed beside liiklusEvent;"
                + " a tombstone has neither value nor event"),
        new Refusal(
            request().addHeaders(header("a")).addHeaders(header("")),
            "headers[1].key: is empty; a name"),
        new Refusal(
            request().addHeaders(header("ce_")),
            "headers[0].key: \"ce_\" is not allowed;"
                + " a name that does not begin with ce_, which is for events"),
        new Refusal(
            request().setTombstone(true).addHeaders(header("CE_id")),
            "headers[0].key: \"CE_id\" is not allowed;"
                + " a name that does not begin with ce_, which is for events"),
        new Refusal(
            request().setLiiklusEvent(event()).addHeaders(header("Content-Type")),
            "headers[0].key: \"Content-Type\" is not allowed;"
                + " beside an event its data_content_type is the content-type"),
        new Refusal(
            request()
                .setLiiklusEvent(event().setDataContentType("Application/CloudEvents+JSON ;a=b")),
            "liiklusEvent.data_content_type: \"Application/CloudEvents+JSON ;a=b\" is not allowed;"
                + " the type of the data; an event that is in JSON already goes into value"));
  }

  private static void refuses(PublishRequest.Builder request, String text) {
    assertThatThrownBy(() -> DECODER.decode(request.build()))
        .isInstanceOf(BadRequest.class)
        .hasMessage(text);
  }

  private static List<String> headers(RecordToPublish record) {
    return record.headers().stream()
        .map(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
        .toList();
  }

  private static PublishRequest.Builder request() {
    return PublishRequest.newBuilder().setTopic("topic");
  }

  private static LiiklusEvent.Builder event() {
    return LiiklusEvent.newBuilder().setId("i").setType("t").setSource("s");
  }

  private static Header header(String key) {
    return Header.newBuilder().setKey(key).build();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
