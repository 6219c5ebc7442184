package io.liiklus.server.settings;

import java.util.Map;
import java.util.TreeMap;

/** Values by the exact names of their keys: the command line, system properties. Immutable. */
final class KeyValuePairs implements MergedValues.Source {

  private final Map<String, String> texts;
  private final String origin;
  private final boolean isShared;

  /**
   * @param isShared whether others keep their values in the same place
   */
  private KeyValuePairs(Map<String, String> texts, String origin, boolean isShared) {
    this.texts = new TreeMap<>(texts);
    this.origin = origin;
    this.isShared = isShared;
  }

  static KeyValuePairs commandLine(Map<String, String> texts) {
    return new KeyValuePairs(texts, "the command line", false);
  }

  static KeyValuePairs systemProperties(Map<String, String> texts) {
    return new KeyValuePairs(texts, "a system property", true);
  }

  @Override
  public void applyTo(MergedValues values) {
    texts.forEach((key, text) -> apply(key, text, values));
  }

  private void apply(String key, String text, MergedValues values) {
    if (values.known().isOfList(key)) {
      var reason = "a list is set in the file alone";
      values.diagnostics().refuse("%s: %s (from %s)".formatted(key, reason, origin));
      return;
    }
    if (!values.setExactly(key, new MergedValues.Value(text, origin))) {
      values.passOver(key, origin, isShared);
    }
  }
}
