package io.liiklus.server.settings;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What the process was started in; values without the white space around them. Immutable.
 *
 * @param classPath where references and storages are found
 */
record StartupContext(
    Map<String, String> environment, Map<String, String> properties, ClassLoader classPath) {

  private static final String HOME = "liiklus.home";

  StartupContext {
    environment = stripped(environment);
    properties = stripped(properties);
  }

  /** A variable may stand within a value of the file. */
  private static Map<String, String> stripped(Map<String, String> texts) {
    var stripped = new HashMap<String, String>();
    texts.forEach((name, text) -> stripped.put(name, text.strip()));
    return Map.copyOf(stripped);
  }

  /** The folder that holds {@code bin/} and {@code conf/}, as the start script tells. */
  Path home() {
    return Path.of(properties.getOrDefault(HOME, ""));
  }
}
