package io.liiklus.server.settings;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Environment of the process at its start; values without the white space around them. Immutable.
 *
 * @param classPath where references and storages are found
 */
record StartupContext(
    Map<String, String> environment, Map<String, String> properties, ClassLoader classPath) {

  private static final String HOME = "liiklus.home";

  /** Of the JVM itself; {@code native.encoding} differs from it on macOS. */
  private static final String ENCODING = "sun.jnu.encoding";

  private static final String UTF_8 = "UTF-8";
  private static final char LOST = '\uFFFD';
  private static final Pattern BEYOND_ASCII = Pattern.compile("[^\\p{ASCII}]");

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

  /** The folder of {@code bin/} and {@code conf/}, as the start script passes it. */
  Path home() {
    return Path.of(properties.getOrDefault(HOME, ""));
  }

  /**
   * The same names and values, with U+FFFD for bytes that the JVM lost when it decoded them by the
   * locale. All of arguments, variables and properties is meant to be UTF-8. Under another locale
   * the bytes beyond ASCII are lost, as bytes are that are not UTF-8.
   */
  Map<String, String> decoded(Map<String, String> texts) {
    if (properties.getOrDefault(ENCODING, UTF_8).equalsIgnoreCase(UTF_8)) {
      return texts;
    }
    var decoded = new HashMap<String, String>();
    texts.forEach((name, text) -> decoded.put(decoded(name), decoded(text)));
    return decoded;
  }

  private static String decoded(String text) {
    return BEYOND_ASCII.matcher(text).replaceAll(String.valueOf(LOST));
  }

  static boolean isLost(String text) {
    return text.indexOf(LOST) >= 0;
  }
}
