package io.liiklus.storage.kafka.positions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.api.PositionId;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionRecordTest {

  private final PositionId id = new PositionId("topic", new GroupId("a:b-😀", 2), 31);

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 42, Long.MAX_VALUE - 1})
  void writtenRecord_isReadAsItWas(long offset) {
    assertThat(PositionRecord.parse(PositionRecord.key(id), PositionRecord.value(offset)))
        .contains(new PositionRecord(id, OptionalLong.of(offset)));
  }

  @Test
  void recordWithoutValue_deletesThePosition() {
    assertThat(PositionRecord.parse(PositionRecord.key(id), null))
        .contains(new PositionRecord(id, OptionalLong.empty()));
  }

  @Test
  void key_isThePartsWithNulsBetween() {
    assertThat(new String(PositionRecord.key(id), UTF_8)).isEqualTo("topic\0a:b-😀\0002\00031");
  }

  @Test
  void groupNamedWithItsVersion_isThatVersion() {
    assertThat(PositionRecord.parse("t\0g-v3\0000\0007".getBytes(UTF_8), "5".getBytes(UTF_8)))
        .map(PositionRecord::id)
        .contains(new PositionId("t", new GroupId("g", 3), 7));
  }

  @ParameterizedTest
  @CsvSource({
    "'',5",
    "t,5",
    "t|g|0,5",
    "t|g|0|1|2,5",
    "|g|0|1,5",
    "t||0|1,5",
    "t|g|-1|1,5",
    "t|g|x|1,5",
    "t|g|00|1,5",
    "t|g|0|01,5",
    "t|g|0|2147483648,5",
    "t|g|0|1,''",
    "t|g|0|1,x",
    "t|g|0|1,05",
    "t|g|0|1,+5",
    "t|g|0|1,-2",
    "t|g|0|1,9223372036854775807",
    "t|g|0|1,9223372036854775808",
  })
  void anythingElse_isNoPosition(String key, String value) {
    assertThat(PositionRecord.parse(key.replace('|', '\0').getBytes(UTF_8), value.getBytes(UTF_8)))
        .isEmpty();
  }

  @Test
  void recordWithoutKey_isNoPosition() {
    assertThat(PositionRecord.parse(null, "5".getBytes(UTF_8))).isEmpty();
  }
}
