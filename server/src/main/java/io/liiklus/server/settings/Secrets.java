package io.liiklus.server.settings;

import java.util.regex.Pattern;

/** What must not be read in a log. */
final class Secrets {

  private static final Pattern NAMES =
      Pattern.compile(
          "secret|password|passphrase|jaas|token|credential|private|ssl\\.keystore\\.key",
          Pattern.CASE_INSENSITIVE);

  /** The user info of a URI. */
  private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s]*@");

  private Secrets() {}

  static String masked(String key, String text) {
    if (NAMES.matcher(key).find() && !text.isEmpty()) {
      return "***";
    }
    return USER_INFO.matcher(text).replaceAll("://***@");
  }
}
