package io.liiklus.client;

/** Address of a gateway: {@code host:port}, {@code host} or {@code [IPv6]:port}. Immutable. */
public record GatewayAddress(String host, int port) {

  /** The gateway's own default. */
  public static final int DEFAULT_PORT = 6565;

  private static final int MOST = 65_535;

  /**
   * Reads an address, without looking it up.
   *
   * @throws IllegalArgumentException naming what is allowed
   */
  public static GatewayAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon >= 0 && text.indexOf(']', colon) < 0;
    var host = hasPort ? text.substring(0, colon) : text;
    boolean isBracketed = host.startsWith("[") && host.endsWith("]");
    if (isBracketed) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isBlank() || (host.indexOf(':') >= 0) != isBracketed) {
      throw refused(text);
    }
    return new GatewayAddress(host, hasPort ? port(text, text.substring(colon + 1)) : DEFAULT_PORT);
  }

  private static int port(String text, String digits) {
    int port = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 0;
    if (port < 1 || port > MOST) {
      throw refused(text);
    }
    return port;
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no address; allowed: host:port with a port of 1 to 65535, host, [IPv6]");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
