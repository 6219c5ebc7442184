package io.liiklus.server.settings;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Errors and warnings about the settings; each line once. Confined to the thread that reads the
 * settings.
 */
final class Diagnostics {

  private final Set<String> refusals = new LinkedHashSet<>();
  private final Set<String> warnings = new LinkedHashSet<>();

  void refuse(String line) {
    refusals.add(line);
  }

  void warn(String line) {
    warnings.add(line);
  }

  List<String> refusals() {
    return List.copyOf(refusals);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
