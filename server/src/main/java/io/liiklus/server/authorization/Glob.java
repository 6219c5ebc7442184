package io.liiklus.server.authorization;

/**
 * Pattern of names in which {@code *} stands for any characters, or none; all else stands for
 * itself. Immutable.
 */
public record Glob(String pattern) {

  private static final char ANY = '*';

  /** Whether it is a name alone. */
  public boolean isName() {
    return pattern.indexOf(ANY) < 0;
  }

  /**
   * Whether the whole name fits. Takes at most name times pattern steps: only the last {@code *} is
   * ever tried again, since one before it has matched all that it needs to.
   */
  public boolean matches(String name) {
    int at = 0;
    int inPattern = 0;
    int star = -1;
    int starAt = 0;
    while (at < name.length()) {
      boolean hasMore = inPattern < pattern.length();
      if (hasMore && pattern.charAt(inPattern) == ANY) {
        star = inPattern++;
        starAt = at;
      } else if (hasMore && pattern.charAt(inPattern) == name.charAt(at)) {
        inPattern++;
        at++;
      } else if (star >= 0) {
        inPattern = star + 1;
        at = ++starAt;
      } else {
        return false;
      }
    }
    while (inPattern < pattern.length() && pattern.charAt(inPattern) == ANY) {
      inPattern++;
    }
    return inPattern == pattern.length();
  }
}
