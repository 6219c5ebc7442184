package io.liiklus.client;

/** Host and port of a gateway. Immutable. */
record GatewayAddress(String host, int port) {

  private static final int DEFAULT_PORT = 6565;
  private static final int MOST = 65_535;

  /**
   * Reads {@code host}, {@code host:port} or {@code [address of IPv6]:port}.
   *
   * @throws IllegalArgumentException naming what is allowed
   */
  static GatewayAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    boolean isAlone = text.indexOf(':') == colon;
    boolean hasPort = colon > text.lastIndexOf(']') && (isAlone || text.startsWith("["));
    var host = hasPort ? text.substring(0, colon) : text;
    int port = DEFAULT_PORT;
    try {
      port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : DEFAULT_PORT;
    } catch (NumberFormatException none) {
      port = 0;
    }
    if (host.isBlank() || port < 1 || port > MOST) {
      throw new IllegalArgumentException(
          "address: \"%s\" is not allowed; host or host:port, with a port of 1 to %d"
              .formatted(text, MOST));
    }
    return new GatewayAddress(host, port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
