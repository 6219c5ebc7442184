package io.liiklus.server.grpc.codec.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events as they are written. */
class EventJsonTest {

  private static final String LEAST = "\"id\":\"i\",\"type\":\"t\",\"source\":\"s\"";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "APPLICATION/Json",
        "text/json",
        "application/json; charset=utf-8",
        " application/json ;x=y",
        "application/vnd.example+json",
        "image/svg+JSON;v=1"
      })
  void dataOfAJsonType_isWrittenAsItIs(String type) {
    assertThat(written(type, bytes("{ \"a\" : 1.10 }"))).endsWith(",\"data\":{ \"a\" : 1.10 }}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "text/plain", "application/jsonx", "application/json+xml", "x-json", "json"})
  void dataOfAnotherType_isWrittenInBase64(String type) {
    assertThat(written(type, bytes("{}"))).endsWith(",\"data_base64\":\"e30=\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "0",
        "-0.0e-7",
        "1e999999",
        "123456789012345678901234567890.123456789012345678901234567890",
        "\"\"",
        "\"ä\u2028\uD83D\uDE00\\u0000\\ud800\"",
        " \t\r\n[ ] \n",
        "{\"a\":1,\"a\":2}",
        "[[[{}]]]",
        "{\"\":{\"\":null}}"
      })
  void oneJsonValue_isData(String json) {
    assertThat(EventJson.isOneValue(bytes(json))).isTrue();
    assertThat(written("application/json", bytes(json))).endsWith(",\"data\":" + json + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "{",
        "{}}",
        "[1,]",
        "[1 2]",
        "{} {}",
        "1 2",
        "1,2",
        "01",
        "+1",
        ".5",
        "1.",
        "1e",
        "0x1",
        "1x",
        "-",
        "NaN",
        "Infinity",
        "nul",
        "nulll",
        "True",
        "'a'",
        "\"a",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "{a:1}",
        "{\"a\"}",
        "{1:1}",
        "// c\n1",
        "1 /* c */",
        "{\"a\":1}x",
        "],\"id\":\"forged\"",
        "1}",
        "\"\u0000\"",
        "1\u0000",
        "\uFEFF1"
      })
  void otherText_isNoData(String text) {
    assertThat(EventJson.isOneValue(bytes(text))).isFalse();
    assertThat(written("application/json", bytes(text))).contains(",\"data_base64\":\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "ISO-8859-1"})
  void jsonInAnotherEncoding_isNoData(String encoding) {
    var data = ByteString.copyFrom("{\"a\":\"ä\"}", Charset.forName(encoding));

    assertThat(EventJson.isOneValue(data)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"c080", "eda080", "f4908080", "80", "c3", "f09f98"})
  void textOtherThanStrictUtf8_isNoData(String hex) {
    var inner = HexFormat.of().parseHex(hex);
    var data = bytes("\"").concat(ByteString.copyFrom(inner)).concat(bytes("\""));

    assertThat(EventJson.isOneValue(data)).isFalse();
  }

  @Test
  void emptyData_isLeftOut() {
    assertThat(written("application/json", ByteString.EMPTY))
        .doesNotContain("\"data\":", "data_base64");
    assertThat(written("text/plain", ByteString.EMPTY)).doesNotContain("\"data\":", "data_base64");
    assertThat(EventJson.isOneValue(ByteString.EMPTY)).isFalse();
  }

  @Test
  void everyText_isEscaped() {
    var event =
        LiiklusEvent.newBuilder()
            .setId("\"\\\u0000\n")
            .setType("\uD83D\uDE00")
            .setSource("s")
            .putExtensions("a\"b", "}")
            .build();

    var json = EventJson.write(event).toStringUtf8();

    assertThat(json)
        .isEqualTo(
            "{\"specversion\":\"1.0\",\"id\":\"\\\"\\\\\\u0000\\n\",\"type\":\"\\uD83D\\uDE00\","
                + "\"source\":\"s\",\"a\\\"b\":\"}\"}");
    assertThat(read(json)).isEqualTo(event);
  }

  @Test
  void depth_isBoundedAndCostsNoStack() {
    assertThat(EventJson.isOneValue(bytes("[".repeat(2_000_000)))).isFalse();
    isNoEvent(
        "{\"data\":" + "[".repeat(2_000_000), "its value is JSON nested deeper than 10000 levels");
  }

  @Test
  void dataThatMakesItsEventTooDeep_isWrittenAsBytesAndReadAgain() {
    // The event itself is one level.
    int deepest = EventJson.DEEPEST - 1;
    var data = "[".repeat(deepest) + "]".repeat(deepest);

    var deep = written("application/json", bytes(data));
    var tooDeep = written("application/json", bytes("[" + data + "]"));

    assertThat(deep).contains("\"data\":[");
    assertThat(tooDeep).contains("\"data_base64\":");
    assertThat(read(deep).getData()).isEqualTo(bytes(data));
    assertThat(read(tooDeep).getData()).isEqualTo(bytes("[" + data + "]"));
  }

  @Test
  void textsNumbersAndNames_mayBeAsLongAsTheRecord() {
    var digits = "7".repeat(3_000_000);
    var text = "x".repeat(21_000_000);

    var json =
        "{%s,\"%s\":\"v\",\"n\":%s,\"data\":\"%s\"}"
            .formatted(LEAST, "m".repeat(60_000), digits, text);
    var event = read(json);

    assertThat(event.getData().size()).isEqualTo(text.length() + 2);
    assertThat(event.getExtensionsOrThrow("n")).isEqualTo(digits);
    assertThat(event.getExtensionsOrThrow("m".repeat(60_000))).isEqualTo("v");
    assertThat(EventJson.isOneValue(bytes("[" + digits + ",\"" + text + "\"]"))).isTrue();
  }

  private static void isNoEvent(String json, String reason) {
    assertThatThrownBy(() -> read(json))
        .as(json.substring(0, Math.min(json.length(), 100)))
        .isInstanceOf(NotAnEvent.class)
        .hasMessage(reason);
  }

  private static LiiklusEvent read(String json) {
    return EventJson.read(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static String written(String type, ByteString data) {
    var event =
        LiiklusEvent.newBuilder()
            .setId("i")
            .setType("t")
            .setSource("s")
            .setDataContentType(type)
            .setData(data);
    return EventJson.write(event.build()).toStringUtf8();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
