package io.liiklus.server.grpc.codec.status;

import java.util.regex.Pattern;

/**
 * Refusal of a request that breaks the contract; the text names the field and says what is allowed.
 * Immutable.
 */
public final class BadRequest extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** In code points. */
  private static final int MOST_SHOWN = 80;

  private static final Pattern CONTROLS = Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f]");

  public BadRequest(String message) {
    super(message, null, false, false);
  }

  /**
   * @param value the value as sent; shortened where it is long
   * @param allowed the allowed values
   */
  public static BadRequest of(String field, String value, String allowed) {
    return new BadRequest(field + ": " + shown(value) + " is not allowed; " + allowed);
  }

  private static String shown(String value) {
    return '"' + printable(value) + '"';
  }

  /** Fit for a line of text: without control characters, and shortened where it is long. */
  public static String printable(String value) {
    var text =
        value.codePointCount(0, value.length()) <= MOST_SHOWN
            ? value
            : value.substring(0, value.offsetByCodePoints(0, MOST_SHOWN)) + "…";
    return CONTROLS.matcher(text).replaceAll("\uFFFD");
  }
}
