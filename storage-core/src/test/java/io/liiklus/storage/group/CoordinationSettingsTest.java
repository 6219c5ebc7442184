package io.liiklus.storage.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.MapSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoordinationSettingsTest {

  private final MapSettings settings =
      new MapSettings(Map.of("interval", "1s", "sessionTimeout", "10s", "revokeTimeout", "2s"));

  @Test
  void settings_areRead() {
    assertThat(CoordinationSettings.read(settings))
        .isEqualTo(CoordinationSettings.local(Duration.ofSeconds(2)));
    assertThat(settings.refused()).isEmpty();
  }

  @Test
  void sessionTimeout_coversFiveIntervals() {
    var tight = settings.with("interval", "2500ms");
    CoordinationSettings.read(tight);
    assertThat(tight.refused())
        .containsExactly(
            "sessionTimeout: is 10000 ms; at least 5 times the interval, which is 2500 ms");
  }
}
