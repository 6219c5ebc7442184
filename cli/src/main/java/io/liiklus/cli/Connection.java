package io.liiklus.cli;

import io.grpc.ChannelCredentials;
import io.liiklus.client.GatewayAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * How gateways are reached. Immutable.
 *
 * @param tls empty: plain text
 * @param token empty: none is sent
 */
record Connection(
    GatewayAddresses addresses, Optional<ChannelCredentials> tls, Optional<BearerToken> token) {

  /** The first address to which a token would go where others can read it. */
  Optional<GatewayAddress> exposed() {
    return token.isEmpty() || tls.isPresent()
        ? Optional.empty()
        : addresses.all().stream().filter(address -> !isLoopback(address.host())).findFirst();
  }

  private static boolean isLoopback(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    boolean isNumber = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    try {
      // Of a number, nothing is looked up.
      return isNumber && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException none) {
      return false;
    }
  }
}
