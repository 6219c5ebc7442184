package io.liiklus.server.settings;

import java.util.List;

/** All problems of the settings, a line each. Immutable. */
public final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<String> problems;
  private final transient List<String> warnings;

  SettingsException(List<String> problems, List<String> warnings) {
    super(String.join("\n", problems), null, true, false);
    this.problems = List.copyOf(problems);
    this.warnings = List.copyOf(warnings);
  }

  public List<String> problems() {
    return problems;
  }

  /** The warnings beside, a line each. */
  public List<String> warnings() {
    return warnings;
  }
}
