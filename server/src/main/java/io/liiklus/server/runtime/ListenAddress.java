package io.liiklus.server.runtime;

import io.liiklus.api.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Host and port to listen on. Immutable.
 *
 * @param root where its settings stand
 * @param host an address or a name of this machine
 * @param port 0: any free one
 */
public record ListenAddress(String root, String host, int port) {

  private static final int MAX_PORT = 65_535;

  /** Of the system's text, with epoll and without. */
  private static final String IN_USE = "Address already in use";

  /** What epoll puts before the system's text. */
  private static final Pattern NATIVE_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

  /** Reads {@code host} and {@code port} of the settings below a root. */
  public static ListenAddress read(String root, Settings settings) {
    var host = settings.text("host").strip();
    // Empty would be an address too, and not the one that was meant.
    if (host.isEmpty()) {
      settings.refuse(
          "host", "has no value; an address or a name of this machine, 0.0.0.0 for all");
    }
    return new ListenAddress(root, host, settings.integer("port", 0, MAX_PORT));
  }

  /**
   * The address to bind.
   *
   * @throws IOException naming the setting, where the host is unknown
   */
  public InetSocketAddress resolve() throws IOException {
    var address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException(
          root + ".host: " + host + " cannot be found; an address or a name of this machine");
    }
    return address;
  }

  /** The failure to bind, which names the setting and what is wrong. */
  public IOException cannotListen(Throwable failure) {
    var reason = String.valueOf(failure.getMessage());
    // Without the cause, which the start would log once more in the system's words.
    return new IOException(
        reason.contains(IN_USE)
            ? "port %d is in use; another one by --%s.port".formatted(port, root)
            : "%s.port: cannot listen on %s:%d: %s"
                .formatted(root, host, port, NATIVE_CALL.matcher(reason).replaceFirst("")));
  }

  /** Whether only one of the two can be bound. */
  public boolean isSameAs(ListenAddress other) {
    return port == other.port && port != 0 && isSameHost(other.host);
  }

  private boolean isSameHost(String otherHost) {
    try {
      var address = InetAddress.getByName(host);
      var other = InetAddress.getByName(otherHost);
      return address.isAnyLocalAddress() || other.isAnyLocalAddress() || address.equals(other);
    } catch (UnknownHostException unknown) {
      // Told by the start, which names the host.
      return host.equalsIgnoreCase(otherHost);
    }
  }
}
