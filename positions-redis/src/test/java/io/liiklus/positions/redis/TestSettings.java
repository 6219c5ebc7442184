package io.liiklus.positions.redis;

import io.liiklus.api.MapSettings;
import java.util.Map;

/** Settings as {@code reference.conf} has them, to change for a test. */
final class TestSettings {

  static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("host", ""),
          Map.entry("port", "6379"),
          Map.entry("uri", ""),
          Map.entry("sentinel.username", ""),
          Map.entry("sentinel.password", ""),
          Map.entry("sentinel.tls", "uri"),
          Map.entry("positionsProperties.prefix", "liiklus:positions:"),
          Map.entry("rescan", "5m"),
          Map.entry("connectTimeout", "3s"),
          Map.entry("commandTimeout", "2s"),
          Map.entry("heartbeat", "5s"),
          Map.entry("reconnectDelay", "2s"),
          Map.entry("maxPendingCalls", "10000"));

  private TestSettings() {}

  static MapSettings defaults() {
    return new MapSettings(DEFAULTS);
  }

  /** Defaults, for a Redis or a cluster. */
  static MapSettings at(String uri) {
    return defaults().with("uri", uri);
  }
}
