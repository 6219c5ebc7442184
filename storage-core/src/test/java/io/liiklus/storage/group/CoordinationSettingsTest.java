package io.liiklus.storage.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.MapSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoordinationSettingsTest {

  private final MapSettings settings =
      new MapSettings(
          Map.of(
              "groups.interval", "1s",
              "groups.sessionTimeout", "10s",
              "groups.revokeTimeout", "3s"));

  @Test
  void settings_areRead() {
    assertThat(CoordinationSettings.read(settings))
        .isEqualTo(
            new CoordinationSettings(
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3)));
    assertThat(settings.refused()).isEmpty();
  }

  @Test
  void sessionTimeout_coversFiveIntervals() {
    var tight = settings.with("groups.interval", "2500ms");
    CoordinationSettings.read(tight);
    assertThat(tight.refused())
        .containsExactly(
            "groups.sessionTimeout: is 10000 ms; at least 5 times groups.interval, which is 2500"
                + " ms");
  }
}
