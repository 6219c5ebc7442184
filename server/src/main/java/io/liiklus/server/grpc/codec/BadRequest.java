package io.liiklus.server.grpc.codec;

/** A request that breaks the contract; the text names the field and says what is allowed. */
public final class BadRequest extends RuntimeException {

  private static final long serialVersionUID = 1;

  public BadRequest(String message) {
    super(message, null, false, false);
  }

  /**
   * @param value what was sent; shortened where it is long
   * @param allowed what could have been
   */
  static BadRequest of(String field, String value, String allowed) {
    return new BadRequest(field + ": " + shown(value) + " is not allowed; " + allowed);
  }

  private static String shown(String value) {
    int most = 80;
    var text =
        value.codePointCount(0, value.length()) <= most
            ? value
            : value.substring(0, value.offsetByCodePoints(0, most)) + "…";
    return '"' + text.replaceAll("\\p{Cntrl}", "\uFFFD") + '"';
  }
}
