package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.MapSettings;
import io.liiklus.api.StorageContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisSettingsTest {

  private final MapSettings unset = TestSettings.defaults();

  @Test
  void host_isEnough() {
    var settings = unset.with("host", "h1");
    var read = RedisSettings.read(settings).orElseThrow();
    assertThat(settings.refused()).isEmpty();
    assertThat(read.target()).hasToString("h1:6379");
    assertThat(read.prefix()).isEqualTo("liiklus:positions:");
    assertThat(read.rescan()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void hostAndUriTogether_areRefused() {
    var settings = unset.with("host", "h1").with("uri", "redis://h2");
    assertThat(RedisSettings.read(settings)).isEmpty();
    assertThat(settings.refused())
        .containsExactly("uri: redis.host and redis.uri are both set: set one of them");
  }

  @Test
  void neitherHostNorUri_isRefused() {
    assertThat(RedisSettings.read(unset)).isEmpty();
    assertThat(unset.refused()).hasSize(1).first().asString().contains("set one of them");
  }

  @ParameterizedTest
  @CsvSource({
    "positionsProperties.prefix, ''",
    "positionsProperties.prefix, ~",
    "positionsProperties.prefix, ~~",
    "port, 0",
    "port, 65536",
    "port, x",
    "rescan, 1ms",
    "connectTimeout, 2m",
    "commandTimeout, 0s",
    "heartbeat, 1ms",
    "reconnectDelay, 100ms",
    "maxPendingCalls, 0",
    "host, redis://h1",
    "sentinel.username, gateway",
    "sentinel.tls, maybe"
  })
  void valueOutsideItsBounds_isRefusedByName(String key, String value) {
    var settings = unset.with("host", "h1").with(key, value);
    RedisSettings.read(settings);
    assertThat(settings.refused()).hasSize(1).first().asString().startsWith(key + ": ");
  }

  @Test
  void settingWithoutEffect_isWarnedOf() {
    var settings =
        unset
            .with("uri", "redis://h1")
            .with("port", "7000")
            .with("sentinel.password", "secret")
            .with("sentinel.tls", "true");
    assertThat(RedisSettings.read(settings)).isPresent();
    assertThat(settings.warned())
        .containsExactly(
            "port: has no effect: redis.uri says where Redis is",
            "sentinel.password: has no effect: redis.uri names no Sentinel",
            "sentinel.tls: has no effect: redis.uri names no Sentinel");
  }

  @Test
  void refusedSettings_openNothing() {
    assertThatThrownBy(() -> new RedisPositionsStorageFactory().open(unset, StorageContext.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void reference_namesEveryKeyWithItsDefault() throws Exception {
    String reference;
    try (var stream = RedisSettings.class.getResourceAsStream("/reference.conf")) {
      reference = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    TestSettings.DEFAULTS.forEach(
        (key, value) ->
            assertThat(reference.replace("\"", "")).contains("\n  " + key + " = " + value + "\n"));
  }
}
