package io.liiklus.server.settings;

import java.util.List;

/**
 * Settings of the original liiklus, and of its framework, that have no meaning here. They are
 * passed over, with a warning, so that its configuration can be taken as it is. Immutable.
 */
final class LegacyKeys {

  private static final List<String> ROOTS =
      List.of("rsocket", "spring", "logging", "management", "pulsar", "dynamodb");

  private LegacyKeys() {}

  static List<String> roots() {
    return ROOTS;
  }

  static boolean hasRootOf(String key) {
    int dot = key.indexOf('.');
    return ROOTS.contains(dot < 0 ? key : key.substring(0, dot));
  }

  static String warning(String key, String origin) {
    return "%s: means nothing here and is ignored (from %s)".formatted(key, origin);
  }
}
