package io.liiklus.server.grpc.codec.event;

import static io.liiklus.server.grpc.codec.StoredRecords.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events as they are read. */
class EventJsonReadTest {

  private static final String LEAST = "\"id\":\"i\",\"type\":\"t\",\"source\":\"s\"";

  @Test
  void event_isReadFromItsMembers() {
    var event =
        read(
            """
             { "specversion" : "1.0", "time":"2026-04-05T17:31:00Z", "subject":"sub",
               "dataschema":"schema", "datacontenttype":"text/xml", "count": 1.50, "flag": true,
               "empty": "", "none": null, "type" : "t", "id":"\\u0069", "source":"s",
               "data" : "<a>\\n</a>" }
            """);

    assertThat(event)
        .isEqualTo(
            LiiklusEvent.newBuilder()
                .setId("i")
                .setType("t")
                .setSource("s")
                .setTime("2026-04-05T17:31:00Z")
                .setDataContentType("text/xml")
                .setData(bytes("<a>\n</a>"))
                .putAllExtensions(
                    Map.of(
                        "subject",
                        "sub",
                        "dataschema",
                        "schema",
                        "count",
                        "1.50",
                        "flag",
                        "true",
                        "empty",
                        ""))
                .build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12345678901234567890.10",
        "-0",
        "1E5",
        "true",
        "null",
        "\"text \\u00e4\"",
        "\"\"",
        "\"\uD83D\uDE00ä\"",
        "{ \"a\" : [ 1.0 , { } ] }",
        "[]",
        "{\"a\":1,\"a\":2}"
      })
  void dataOfAJsonType_isItsOwnBytes(String data) {
    for (var type : new String[] {"", ",\"datacontenttype\":\"application/json\""}) {
      var before = read("{\"data\": " + data + " ," + LEAST + type + "}");
      var after = read("{\"ä\":\"ö\"," + LEAST + type + ",\n\"data\"\n:\n" + data + "}");

      assertThat(before.getData().toStringUtf8()).isEqualTo(data);
      assertThat(after.getData().toStringUtf8()).isEqualTo(data);
    }
  }

  @ParameterizedTest
  @CsvSource({"null,''", "\"\",''", "\"a\\u0062\",ab", "7,7", "{},{}", "\"\\ud800x\",\uFFFDx"})
  void dataOfAnotherType_isTheTextItSpells(String data, String bytes) {
    var event = read("{" + LEAST + ",\"data\":" + data + ",\"datacontenttype\":\"text/plain\"}");

    assertThat(event.getData().toStringUtf8()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"data_base64\":\"AP+A\"",
        "\"data_base64\":\"AP\\u002bA\"",
        "\"data\":null,\"data_base64\":\"AP+A\"",
        "\"data_base64\":\"AP+A\",\"data\":null"
      })
  void dataInBase64_isDecodedWhateverTheType(String member) {
    for (var type : new String[] {"application/json", "image/png"}) {
      var event = read("{%s,%s,\"datacontenttype\":\"%s\"}".formatted(LEAST, member, type));

      assertThat(event.getData().toByteArray()).containsExactly(0, 0xff, 0x80);
    }
  }

  @Test
  void repeatedMember_countsLast() {
    var event = read("{\"id\":\"x\",\"data\":\"x\"," + LEAST + ",\"data\":1}");

    assertThat(event.getId()).isEqualTo("i");
    assertThat(event.getData().toStringUtf8()).isEqualTo("1");
  }

  @Test
  void emptyAndMissingAttributes_areReadAsTheyAre() {
    assertThat(read("{}")).isEqualTo(LiiklusEvent.getDefaultInstance());
    assertThat(read("{\"specversion\":\"1.0\",\"id\":\"\",\"source\":null,\"type\":\"t\"}"))
        .isEqualTo(LiiklusEvent.newBuilder().setType("t").build());
    assertThat(read("{" + LEAST + ",\"id\":null,\"id\":\"\"}"))
        .isEqualTo(LiiklusEvent.newBuilder().setType("t").setSource("s").build());
  }

  @Test
  void halvesOfSurrogatePairs_areReplaced() {
    var event = read("{" + LEAST + ",\"x\":\"a\\ud800b\\udc00\\ud83d\\ude00\"}");

    assertThat(event.getExtensionsOrThrow("x")).isEqualTo("a\uFFFDb\uFFFD\uD83D\uDE00");
  }

  @Test
  void byteOrderMark_isPassedOver() {
    assertThat(read("\uFEFF{" + LEAST + ",\"data\":[1]}"))
        .isEqualTo(read("{" + LEAST + ",\"data\":[1]}"));
  }

  @Test
  void jsonThatIsNoEvent_saysWhy() {
    isNoEvent("", "its value is no JSON object");
    isNoEvent("\uFEFF", "its value is no JSON object");
    isNoEvent(" ", "its value is no JSON object");
    isNoEvent("[]", "its value is no JSON object");
    isNoEvent("\"x\"", "its value is no JSON object");
    isNoEvent("x", "its value is not valid JSON");
    isNoEvent("{" + LEAST, "its value is not valid JSON");
    isNoEvent("{" + LEAST + ",}", "its value is not valid JSON");
    isNoEvent("{" + LEAST + ",\"data\":{]}", "its value is not valid JSON");
    isNoEvent("{" + LEAST + "} {}", "its value goes on behind the JSON object");
    isNoEvent("{" + LEAST + "} x", "its value is not valid JSON");
    isNoEvent("{" + LEAST + ",\"x\":{}}", "its attribute x is not a single value");
    isNoEvent("{" + LEAST + ",\"a\\nb\":[]}", "its attribute a\uFFFDb is not a single value");
    isNoEvent("{" + LEAST + ",\"data_base64\":7}", "its data_base64 is no text");
    isNoEvent("{" + LEAST + ",\"data_base64\":\"?\"}", "its data_base64 is not base64");
    isNoEvent("{" + LEAST + ",\"data_base64\":\"AP", "its value is not valid JSON");
    isNoEvent(
        "{" + LEAST + ",\"data\":1,\"data_base64\":\"\"}", "it has both data and data_base64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-1"})
  void eventInAnotherEncoding_isNone(String encoding) {
    var json = "{" + LEAST + ",\"data\":\"ä\"}";

    assertThatThrownBy(
            () -> EventJson.read(ByteBuffer.wrap(json.getBytes(Charset.forName(encoding)))))
        .isInstanceOf(NotAnEvent.class)
        .hasMessageMatching("its value is not (UTF-8|valid JSON)");
  }

  @Test
  void damagedEvents_areReadOrRefusedAndNothingElse() {
    var random = new Random(20261123);
    var json =
        utf8(
            ("{%s,\"data\":{\"a\":[1.5,\"ä\\u0041\"]},\"x\":true,\"data_base64\":null,"
                    + "\"datacontenttype\":\"application/json\"}")
                .formatted(LEAST));
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      var damaged = Arrays.copyOf(json, json.length - random.nextInt(2));
      for (int i = random.nextInt(3); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] =
            random.nextBoolean() ? (byte) random.nextInt(256) : json[random.nextInt(json.length)];
      }
      try {
        var unused = EventJson.read(ByteBuffer.wrap(damaged));
      } catch (NotAnEvent expected) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 19_999);
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

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
