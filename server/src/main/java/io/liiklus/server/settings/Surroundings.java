package io.liiklus.server.settings;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the process was started in. Immutable.
 *
 * @param classPath where references and storages are found
 */
record Surroundings(
    Map<String, String> environment, Map<String, String> properties, ClassLoader classPath) {

  private static final String HOME = "liiklus.home";

  /** The folder that holds {@code bin/} and {@code conf/}, as the start script tells. */
  Path home() {
    return Path.of(properties.getOrDefault(HOME, ""));
  }
}
