package io.liiklus.server.grpc.codec.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.GroupId;
import io.liiklus.server.grpc.codec.status.BadRequest;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestNamesTest {

  private static final String TOPICS =
      " is not allowed; 1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-', and not '.' or '..'";
  private static final String GROUPS =
      " is not allowed; 1 to 255 bytes of UTF-8 without control characters";
  private static final String NUMBERS = " is not allowed; a whole number from 0 to 2147483647";

  @ParameterizedTest
  @ValueSource(strings = {"a", "Az09._-", "...", ".a", "-", "__consumer_offsets"})
  void topicOfTheAllowedCharacters_isTaken(String topic) {
    assertThat(RequestNames.topic(topic)).isEqualTo(topic);
  }

  @Test
  void topic_mayHave249Characters() {
    assertThat(RequestNames.topic("t".repeat(249))).hasSize(249);
    refuses(
        () -> RequestNames.topic("t".repeat(250)), "topic: \"" + "t".repeat(80) + "…\"" + TOPICS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a b", "a/b", "a:b", "ä", "٣"})
  void otherTopic_isRefused(String topic) {
    refuses(() -> RequestNames.topic(topic), "topic: \"" + topic + "\"" + TOPICS);
  }

  @Test
  void refusals_areOneLineWhateverTheName() {
    refuses(
        () -> RequestNames.topic("a\nb\u007f\u0085"), "topic: \"a\uFFFDb\uFFFD\uFFFD\"" + TOPICS);
    assertThat(new BadRequest("x").getStackTrace()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "group,0,group,0",
    "group,7,group,7",
    "group,2147483647,group,2147483647",
    "group-v3,0,group,3",
    "group-v0,0,group,0",
    "group-v007,0,group,7",
    "group-v000,0,group,0",
    "group-v2147483647,0,group,2147483647",
    "group-v00000000000000000002147483647,0,group,2147483647",
    "group-v1-v2,0,group-v1,2",
    "group-v3,1,group-v3,1",
    "-v3,1,-v3,1",
    "group-v99999999999,1,group-v99999999999,1",
    "group-v,0,group-v,0",
    "group-V3,0,group-V3,0",
    "group-v-3,0,group-v-3,0",
    "group-v3x,0,group-v3x,0",
    "group-v٣,0,group-v٣,0",
    "v3,0,v3,0",
    "a b:c/ä,0,a b:c/ä,0"
  })
  void group_isANameAndAVersion(String name, int version, String group, int itsVersion) {
    assertThat(RequestNames.group(name, version)).isEqualTo(new GroupId(group, itsVersion));
  }

  @Test
  void group_mayHave255BytesOfUtf8() {
    assertThat(RequestNames.group("ä".repeat(127) + "x", 0).version()).isZero();
    refuses(
        () -> RequestNames.group("ä".repeat(128), 0),
        "group: \"" + "ä".repeat(80) + "…\"" + GROUPS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0000", "a\u001f", "a\n", "a\u007f", "a\u0080", "a\u009f"})
  void emptyGroupOrControlCharacters_areRefused(String name) {
    refuses(
        () -> RequestNames.group(name, 0),
        "group: \"" + (name.isEmpty() ? "" : "a\uFFFD") + "\"" + GROUPS);
  }

  @Test
  void versionWithoutName_isRefused() {
    refuses(
        () -> RequestNames.group("-v3", 0),
        "group: \"-v3\" is not allowed; a name before its version");
  }

  @ParameterizedTest
  @ValueSource(strings = {"g-v2147483648", "g-v9999999999", "g-v99999999999999999999999"})
  void tooHighVersionInTheName_isRefused(String name) {
    refuses(
        () -> RequestNames.group(name, 0),
        "group: \""
            + name
            + "\" is not allowed; a version in the name, behind -v, of at most 2147483647");
  }

  @Test
  void numbersAbove31Bits_areRefusedAsSent() {
    refuses(() -> RequestNames.group("g", -1), "group_version: \"4294967295\"" + NUMBERS);
    refuses(
        () -> RequestNames.partition("partition", Integer.MIN_VALUE),
        "partition: \"2147483648\"" + NUMBERS);
    refuses(() -> RequestNames.batchSize(-1), "max_batch_records: \"4294967295\"" + NUMBERS);
    assertThat(RequestNames.partition("partition", Integer.MAX_VALUE)).isEqualTo(2147483647);
    assertThat(RequestNames.batchSize(0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, Long.MAX_VALUE - 1})
  void offset_isTaken(long offset) {
    assertThat(RequestNames.offset(offset)).isEqualTo(offset);
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775807,9223372036854775807",
    "-2,18446744073709551614",
    "-9223372036854775808,9223372036854775808"
  })
  void offsetWithoutNextOne_isRefused(long offset, String sent) {
    refuses(
        () -> RequestNames.offset(offset),
        "offset: \""
            + sent
            + "\" is not allowed; 0 to 9223372036854775806, or 18446744073709551615 for the start");
  }

  private static void refuses(ThrowingCallable request, String text) {
    assertThatThrownBy(request).isInstanceOf(BadRequest.class).hasMessage(text);
  }
}
