package io.liiklus.server.settings;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which key a variable sets: the one whose name is equal once {@code _ . -} and case are taken
 * away. Below an open map the rest of the variable is the name, in lower case and with dots.
 * Immutable.
 */
final class EnvironmentNames {

  private final Map<String, String> keys = new HashMap<>();
  private final References references;

  EnvironmentNames(References references) {
    this.references = references;
    references.defaults().keySet().forEach(key -> keys.put(normal(key), key));
  }

  Optional<String> key(String variable) {
    var known = keys.get(normal(variable));
    if (known != null) {
      return Optional.of(known);
    }
    for (var map : references.openMaps()) {
      int end = endOf(normal(map), variable);
      if (end > 0 && end + 1 < variable.length() && isSeparator(variable.charAt(end))) {
        var name = variable.substring(end + 1).toLowerCase(Locale.ROOT).replace('_', '.');
        return Optional.of(map + "." + name);
      }
    }
    return Optional.empty();
  }

  /** Whether a variable looks as if it was meant for us. */
  boolean hasOurRoot(String variable) {
    int end = 0;
    while (end < variable.length() && !isSeparator(variable.charAt(end))) {
      end++;
    }
    return end < variable.length()
        && references.roots().contains(variable.substring(0, end).toLowerCase(Locale.ROOT));
  }

  /** Where in the variable the last letter of the prefix stands, + 1; 0 where it has none such. */
  private static int endOf(String prefix, String variable) {
    int matched = 0;
    for (int i = 0; i < variable.length(); i++) {
      char one = variable.charAt(i);
      if (isSeparator(one)) {
        continue;
      }
      if (Character.toLowerCase(one) != prefix.charAt(matched)) {
        return 0;
      }
      matched++;
      if (matched == prefix.length()) {
        return i + 1;
      }
    }
    return 0;
  }

  private static boolean isSeparator(char one) {
    return one == '_' || one == '.' || one == '-';
  }

  private static String normal(String name) {
    return name.replaceAll("[_.-]", "").toLowerCase(Locale.ROOT);
  }
}
