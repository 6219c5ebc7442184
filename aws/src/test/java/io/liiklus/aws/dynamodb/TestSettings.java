package io.liiklus.aws.dynamodb;

import io.liiklus.api.MapSettings;
import java.util.Map;

/** Settings as {@code reference.conf} has them, to change for a test. */
final class TestSettings {

  static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("positionsTable", ""),
          Map.entry("groupsTable", ""),
          Map.entry("autoCreateTable", "false"),
          Map.entry("region", ""),
          Map.entry("endpoint", ""),
          Map.entry("callTimeout", "2s"),
          Map.entry("maxPendingCalls", "10000"));

  private TestSettings() {}

  static MapSettings defaults() {
    return new MapSettings(DEFAULTS);
  }

  /**
   * For a table of a server, created where it is missing; calls are waited for on a busy machine.
   */
  static MapSettings at(String endpoint, String table) {
    return defaults()
        .with("endpoint", endpoint)
        .with("region", "us-east-1")
        .with("positionsTable", table)
        .with("autoCreateTable", "true")
        .with("callTimeout", "20s");
  }
}
