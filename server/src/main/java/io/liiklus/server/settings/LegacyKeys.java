package io.liiklus.server.settings;

import java.util.List;
import java.util.Set;

/**
 * Settings of the original liiklus, and of its framework, that have no meaning here. They are
 * passed over, with a warning, so that its configuration can be taken as it is. Immutable.
 */
final class LegacyKeys {

  private static final List<String> ROOTS =
      List.of("rsocket", "spring", "logging", "management", "pulsar", "dynamodb", "awsmsk");

  /** Below roots that are the gateway's too. */
  private static final Set<String> KEYS = Set.of("grpc.compression", "grpc.inProcessServerName");

  private LegacyKeys() {}

  static List<String> roots() {
    return ROOTS;
  }

  /** Whether a key that is none of the gateway's, or of a plugin's, is one of these. */
  static boolean isOne(String key, KnownKeys known) {
    int dot = key.indexOf('.');
    var root = dot < 0 ? key : key.substring(0, dot);
    return KEYS.contains(key) || (ROOTS.contains(root) && !known.hasRoot(root));
  }

  static String warning(String key, String origin) {
    return "%s: means nothing here and is ignored (from %s)".formatted(key, origin);
  }
}
