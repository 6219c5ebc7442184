package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1048576, 1048576",
    "1 MiB, 1048576",
    "1MiB, 1048576",
    "1MB, 1000000",
    " 2 KiB , 2048"
  })
  void sizes_areRead(String text, long bytes) {
    assertThat(Units.bytes(text)).contains(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1 parsec", "MiB", "99999999999 TiB"})
  void otherSizes_areRefused(String text) {
    assertThat(Units.bytes(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "500ms, 500", "5 seconds, 5000", "2m, 120000", "1.5s, 1500", "1 h, 3600000"})
  void times_areRead(String text, long ms) {
    assertThat(Units.duration(text)).contains(Duration.ofMillis(ms));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "1.5", "s", "5 parsecs", "-"})
  void otherTimes_areRefusedAndNumbersNeedAUnit(String text) {
    assertThat(Units.duration(text)).isEmpty();
  }

  @Test
  void sizes_areShownInTheLargestUnitWithoutRest() {
    assertThat(Units.show(0)).isEqualTo("0 bytes");
    assertThat(Units.show(1000)).isEqualTo("1000 bytes");
    assertThat(Units.show(16 << 10)).isEqualTo("16 KiB");
    assertThat(Units.show(1L << 40)).isEqualTo("1024 GiB");
  }

  @Test
  void times_areShownInTheLargestUnitWithoutRest() {
    assertThat(Units.show(Duration.ZERO)).isEqualTo("0ms");
    assertThat(Units.show(Duration.ofMillis(1500))).isEqualTo("1500ms");
    assertThat(Units.show(Duration.ofSeconds(90))).isEqualTo("90s");
    assertThat(Units.show(Duration.ofMinutes(10))).isEqualTo("10m");
    assertThat(Units.show(Duration.ofHours(24))).isEqualTo("24h");
  }
}
