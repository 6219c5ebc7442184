package io.liiklus.server.settings;

import java.util.List;
import java.util.regex.Pattern;

/** Masking of secrets in logs and error texts. Immutable. */
final class Redactor {

  private static final String MASK = "****";

  /** Parts of names, as {@link KnownKeys#plainName} writes them. */
  private static final List<String> SECRET_NAMES =
      List.of(
          "password",
          "passwd",
          "passphrase",
          "secret",
          "jaas",
          "token",
          "credential",
          "privatekey",
          "apikey",
          "accesskey",
          "keystorekey",
          "authkeys",
          "userinfo");

  /** PEM, as in {@code -----BEGIN PRIVATE KEY-----}. */
  private static final String INLINE_KEY = "-----BEGIN";

  /** User and password in front of a host; up to the last @, as passwords may hold one. */
  private static final Pattern USER_INFO = Pattern.compile("(://)\\S*@");

  private static final Pattern SECRET_PARAMETER =
      Pattern.compile(
          "([?&][^=&\\s]*(?:password|secret|token)[^=&\\s]*=)[^&\\s]*", Pattern.CASE_INSENSITIVE);

  private static final Pattern LINE_BREAK = Pattern.compile("\\s*\\R\\s*");

  private Redactor() {}

  /** The value as it may be shown, in one line. */
  static String show(String key, String text) {
    if (text.isEmpty()) {
      return "\"\"";
    }
    var name = KnownKeys.plainName(key);
    if (text.contains(INLINE_KEY) || SECRET_NAMES.stream().anyMatch(name::contains)) {
      return MASK;
    }
    var line = LINE_BREAK.matcher(text).replaceAll(" ");
    var shown = USER_INFO.matcher(line).replaceAll("$1" + MASK + "@");
    return SECRET_PARAMETER.matcher(shown).replaceAll("$1" + MASK);
  }
}
