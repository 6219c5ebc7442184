package io.liiklus.server.security;

/**
 * The caller of a call, as its credentials prove it. Immutable.
 *
 * @param name empty for {@link #ANONYMOUS}, and where the credentials are valid and name nobody
 * @param source which credentials
 */
public record Principal(String name, Source source) {

  /** What proves a principal. */
  public enum Source {
    /** Nothing: no credentials were asked for. */
    NONE,
    TOKEN,
    CERTIFICATE
  }

  /** The caller of whom no credentials were asked. */
  public static final Principal ANONYMOUS = new Principal("", Source.NONE);

  /** Whether nothing is known of the caller. Ask this, never the name: a token may name anybody. */
  public boolean isAnonymous() {
    return source == Source.NONE;
  }

  /** For logs. */
  @Override
  public String toString() {
    if (isAnonymous()) {
      return "(anonymous)";
    }
    return name.isEmpty() ? "(no name)" : name;
  }
}
