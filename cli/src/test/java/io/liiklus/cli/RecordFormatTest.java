package io.liiklus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.liiklus.client.ReceivedRecord;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordFormatTest {

  private static final ByteString BINARY = ByteString.copyFrom(new byte[] {'a', (byte) 0xff, 0});
  private static final String BINARY_BASE64 =
      Base64.getEncoder().encodeToString(BINARY.toByteArray());

  @Test
  void line_hasPlaceKeyAndValue() {
    assertThat(line(raw(utf8("k"), utf8("käse")))).isEqualTo("3:42\tk\tkäse\n");
  }

  @Test
  void line_staysOneLineAndControlsNoTerminal() {
    assertThat(line(raw(utf8("a\tb"), utf8("c\r\nd\u001b[2J\\n"))))
        .isEqualTo("3:42\ta\\tb\tc\\r\\nd\\x1b[2J\\n\n");
  }

  @Test
  void otherThanUtf8_isShownByteByByte() {
    assertThat(line(raw(ByteString.EMPTY, BINARY))).isEqualTo("3:42\t\ta\\xff\\x00\n");
  }

  @Test
  void line_showsATombstoneUnlikeAnEmptyValue() {
    assertThat(line(raw(utf8("k"), ByteString.EMPTY))).isEqualTo("3:42\tk\t\n");
    assertThat(line(tombstone())).isEqualTo("3:42\tk\t\\N\n");
  }

  @Test
  void eventLine_hasItsTypeBeforeTheData() {
    assertThat(line(event("text/plain", utf8("v")))).isEqualTo("3:42\tk\tcreated\tv\n");
  }

  @Test
  void values_areWrittenAsTheyAre() {
    assertThat(write(new ValueFormat(), raw(utf8("k"), BINARY)))
        .isEqualTo(new byte[] {'a', (byte) 0xff, 0, '\n'});
    assertThat(write(new ValueFormat(), event("", utf8("v")))).isEqualTo(new byte[] {'v', '\n'});
    assertThat(write(new ValueFormat(), tombstone())).isEqualTo(new byte[] {'\n'});
  }

  @Test
  void json_leavesNothingOut() {
    assertThat(json(raw(utf8("k"), utf8("a\nb"))))
        .isEqualTo(
            "{\"partition\":3,\"offset\":42,\"timestamp\":\"2026-04-05T17:31:00.250Z\","
                + "\"key\":\"k\",\"value\":\"a\\nb\",\"headers\":["
                + "{\"key\":\"h\",\"value\":\"1\"},"
                + "{\"key\":\"h\",\"valueBase64\":\""
                + BINARY_BASE64
                + "\"}],\"replay\":true}\n");
  }

  @Test
  void json_hasBase64ForOtherThanUtf8() {
    assertThat(json(raw(BINARY, BINARY)))
        .contains("\"keyBase64\":\"" + BINARY_BASE64 + "\"")
        .contains("\"valueBase64\":\"" + BINARY_BASE64 + "\"");
  }

  @Test
  void jsonOfATombstone_hasANullValue() {
    assertThat(json(tombstone())).contains("\"value\":null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/json | {\"a\": 1.50} | \"data\":{\"a\": 1.50}",
        "application/vnd.x+json; charset=utf-8 | [1] | \"data\":[1]",
        "application/json | {\"a\": | \"data_base64\":\"eyJhIjo=\"",
        "text/plain | {\"a\":1} | \"data\":\"{\\\"a\\\":1}\"",
      })
  void jsonOfAnEvent_hasItsDataAsTheContentTypeSays(String contentType, String data, String field) {
    assertThat(json(event(contentType, utf8(data))))
        .contains(
            "\"event\":{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\","
                + "\"type\":\"created\","
                + "\"time\":\"2026-04-05T17:31:00Z\",\"tenant\":\"t\",\"datacontenttype\":\""
                + contentType
                + "\","
                + field
                + "}");
  }

  @Test
  void jsonData_isPutOnOneLine() {
    assertThat(json(event("application/json", utf8("{\n\"a\":\r\n1}")))).contains("{ \"a\":  1}");
  }

  @Test
  void timestamp_thatIsNoneByTheProtocol_isLeftOut() {
    for (long seconds : new long[] {Long.MIN_VALUE, 253_402_300_800L, Long.MAX_VALUE}) {
      var reply = raw(utf8("k"), utf8("v")).toBuilder();
      reply.getRecordBuilder().getTimestampBuilder().setSeconds(seconds);

      assertThat(json(reply.build())).doesNotContain("timestamp").contains("\"value\":\"v\"");
    }
  }

  @Test
  void json_withNamesOfOneHash_isStillJson() {
    var names =
        IntStream.range(0, 1 << 12)
            .mapToObj(
                i ->
                    IntStream.range(0, 12)
                        .mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB")
                        .collect(Collectors.joining("", "\"", "\":1")))
            .collect(Collectors.joining(","));

    assertThat(json(event("application/json", utf8("{" + names + "}")))).contains("{" + names);
  }

  private static ReceiveReply raw(ByteString key, ByteString value) {
    return ReceiveReply.newBuilder()
        .setRecord(
            ReceiveReply.Record.newBuilder()
                .setOffset(42)
                .setKey(key)
                .setValue(value)
                .setTimestamp(
                    Timestamp.newBuilder().setSeconds(1_775_410_260).setNanos(250_000_000))
                .setReplay(true)
                .addHeaders(Header.newBuilder().setKey("h").setValue(utf8("1")))
                .addHeaders(Header.newBuilder().setKey("h").setValue(BINARY)))
        .build();
  }

  private static ReceiveReply tombstone() {
    return ReceiveReply.newBuilder()
        .setRecord(
            ReceiveReply.Record.newBuilder().setOffset(42).setKey(utf8("k")).setTombstone(true))
        .build();
  }

  private static ReceiveReply event(String contentType, ByteString data) {
    return ReceiveReply.newBuilder()
        .setLiiklusEventRecord(
            ReceiveReply.LiiklusEventRecord.newBuilder()
                .setOffset(42)
                .setKey(utf8("k"))
                .setEvent(
                    LiiklusEvent.newBuilder()
                        .setId("1")
                        .setType("created")
                        .setSource("/s")
                        .setTime("2026-04-05T17:31:00Z")
                        .setDataContentType(contentType)
                        .setData(data)
                        .putExtensions("tenant", "t")))
        .build();
  }

  private static String line(ReceiveReply reply) {
    return new String(write(new LineFormat(), reply), StandardCharsets.UTF_8);
  }

  private static String json(ReceiveReply reply) {
    return new String(write(new JsonFormat(), reply), StandardCharsets.UTF_8);
  }

  private static byte[] write(RecordFormat format, ReceiveReply reply) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    format.write(received(reply), out);
    out.flush();
    return bytes.toByteArray();
  }

  private static ReceivedRecord received(ReceiveReply reply) {
    return reply.hasRecord()
        ? ReceivedRecord.of("topic", 3, reply.getRecord())
        : ReceivedRecord.of("topic", 3, reply.getLiiklusEventRecord());
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
