package io.liiklus.storage.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.Header;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderCodecTest {

  @Test
  void headers_comeBackInOrderWithRepeatsAndNulls() {
    var headers =
        List.of(
            new Header("a", new byte[] {0, -1, 127}),
            new Header("", new byte[0]),
            new Header("a", null),
            new Header("ключ-組-😀", "x".repeat(70_000).getBytes(UTF_8)));
    assertThat(HeaderCodec.decode(HeaderCodec.encode(headers)))
        .usingRecursiveComparison()
        .isEqualTo(headers);
  }

  @Test
  void noHeaders_areNoBytes() {
    assertThat(HeaderCodec.encode(List.of())).isNull();
    assertThat(HeaderCodec.decode(null)).isEmpty();
  }

  @Test
  void bytes_areThoseOfKafkasFormat() {
    var headers = List.of(new Header("k", new byte[] {7}), new Header("n", null));
    // Two headers; length 1, k, length 1, 7; length 1, n, length -1.
    assertThat(HeaderCodec.encode(headers)).isEqualTo(HexFormat.of().parseHex("04026b0207026e01"));
  }

  @Test
  void manyHeaders_areKept() {
    var headers =
        IntStream.range(0, 10_000).mapToObj(i -> new Header("key" + i, new byte[i % 7])).toList();
    var encoded = HeaderCodec.encode(headers);
    var decoded = HeaderCodec.decode(encoded);
    assertThat(decoded)
        .extracting(Header::key)
        .isEqualTo(headers.stream().map(Header::key).toList());
    assertThat(HeaderCodec.encode(decoded)).isEqualTo(encoded);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // No count.
        "02", // One header and no more.
        "0202", // No key.
        "02026b", // No value.
        "02026b04ff", // A value that ends too early.
        "020101", // A key that is null.
        "02026b0103", // Something behind.
        "01", // A count of -1.
        "fffffffff0", // A number without an end.
        "feffffff0f", // More headers than bytes.
        "02fcffffff0f" // A key longer than the bytes.
      })
  void otherBytes_areRefused(String hex) {
    var bytes = HexFormat.of().parseHex(hex);
    assertThatThrownBy(() -> HeaderCodec.decode(bytes))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
