package io.liiklus.server.settings;

import java.util.List;

/** All that is wrong with the settings, a line each. */
public final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  public SettingsException(List<String> problems) {
    super(String.join("\n", problems), null, false, false);
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
