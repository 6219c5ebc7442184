package io.liiklus.storage.pulsar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.Header;
import io.liiklus.api.RecordToPublish;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageCodecTest {

  private static Header header(String key, String value) {
    return new Header(key, value == null ? null : value.getBytes(UTF_8));
  }

  private static Map<String, String> properties(Header... headers) {
    return MessageCodec.properties(List.of(headers));
  }

  @Test
  void texts_areProperties() {
    assertThat(properties(header("ce_type", "t"), header("ce_id", "1"), header("a", "x")))
        .containsOnly(Map.entry("ce_type", "t"), Map.entry("ce_id", "1"), Map.entry("a", "x"));
    assertThat(properties()).isEmpty();
  }

  @Test
  void headersThatPropertiesCannotSay_areKeptWholeBesideThem() {
    assertThat(properties(header("a", "1"), header("a", "2"))).containsKey(MessageCodec.HEADERS);
    assertThat(properties(header("a", null))).containsOnlyKeys(MessageCodec.HEADERS);
    assertThat(properties(header("b", "1"), header("a", "2")))
        .containsOnlyKeys("a", "b", MessageCodec.HEADERS);
    assertThat(properties(new Header("a", new byte[] {-1}))).containsKey(MessageCodec.HEADERS);
    assertThat(properties(header(MessageCodec.HEADERS, "theirs")).get(MessageCodec.HEADERS))
        .isNotEqualTo("theirs");
  }

  @Test
  void bytes_countPropertiesInPlaceOfHeaders() {
    var headers = List.of(header("b", "1234"), header("a", "5"));
    var record = new RecordToPublish("topic", new byte[3], new byte[10], headers);
    var plain = record.withHeaders(List.of());

    assertThat(MessageCodec.bytes(plain, Map.of())).isEqualTo(14);
    assertThat(MessageCodec.bytes(record, MessageCodec.properties(headers)))
        .isGreaterThan(record.bytes() + MessageCodec.HEADERS.length());
  }
}
