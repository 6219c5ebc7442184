package io.liiklus.server.settings;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Text that the JVM has decoded by the locale: arguments, environment variables, system properties.
 * All of it is meant to be UTF-8. Under another locale the bytes beyond ASCII are lost, so U+FFFD
 * takes their place, as it does for bytes that are not UTF-8. Immutable.
 *
 * @param encoding what the locale says
 */
record NativeText(String encoding) {

  /** Of the JVM itself; {@code native.encoding} differs from it on macOS. */
  private static final String PROPERTY = "sun.jnu.encoding";

  private static final String UTF_8 = "UTF-8";
  private static final char LOST = '\uFFFD';
  private static final Pattern BEYOND_ASCII = Pattern.compile("[^\\p{ASCII}]");

  /**
   * @param properties the system properties
   */
  static NativeText of(Map<String, String> properties) {
    return new NativeText(properties.getOrDefault(PROPERTY, UTF_8));
  }

  /** The same names and values, with U+FFFD for what is lost. */
  Map<String, String> read(Map<String, String> texts) {
    if (encoding.equalsIgnoreCase(UTF_8)) {
      return texts;
    }
    var read = new HashMap<String, String>();
    texts.forEach((name, text) -> read.put(read(name), read(text)));
    return read;
  }

  private static String read(String text) {
    return BEYOND_ASCII.matcher(text).replaceAll(String.valueOf(LOST));
  }

  static boolean isLost(String text) {
    return text.indexOf(LOST) >= 0;
  }
}
