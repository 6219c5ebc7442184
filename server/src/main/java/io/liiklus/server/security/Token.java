package io.liiklus.server.security;

import io.liiklus.server.security.jwt.RefusedTokenException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Iterator;

/** A bearer token that a call brings, not checked so far. Immutable. */
public final class Token {

  /** As RFC 6750 has it; the scheme's case does not matter. */
  private static final String SCHEME = "Bearer ";

  private final String text;
  private final Hash hash;

  private Token(String text) {
    this.text = text;
    this.hash = new Hash(sha256(text));
  }

  /**
   * The one token of a call.
   *
   * @param authorization all values of that header; null: there are none
   * @throws RefusedTokenException where there is not exactly one bearer token
   */
  public static Token of(Iterable<String> authorization) throws RefusedTokenException {
    if (authorization == null) {
      throw new RefusedTokenException("there is no token");
    }
    Iterator<String> values = authorization.iterator();
    var value = values.hasNext() ? values.next() : "";
    if (values.hasNext()) {
      throw new RefusedTokenException("there are several authorization headers");
    }
    if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new RefusedTokenException("the authorization header has no bearer token");
    }
    return new Token(value.substring(SCHEME.length()).strip());
  }

  String text() {
    return text;
  }

  /** What stands for the token where it is remembered. */
  public Hash hash() {
    return hash;
  }

  private static byte[] sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return digest.digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Token[]";
  }

  /** The SHA-256 of a token, so that no dump of the heap has tokens that are valid. Immutable. */
  public static final class Hash {

    private final byte[] bytes;

    private Hash(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Hash that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}
