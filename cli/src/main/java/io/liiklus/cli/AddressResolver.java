package io.liiklus.cli;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Finds several gateways, in the order in which they were named. Each keeps its own name for TLS.
 * Confined to the channel's own order of tasks, but for the look-ups.
 */
final class AddressResolver extends NameResolver {

  /** What channels are asked to resolve; the addresses say more. */
  static final String TARGET = "liiklus:///gateways";

  private static final String SCHEME = "liiklus";

  private final GatewayAddresses addresses;
  private final Executor executor;
  private Listener2 listener;

  private AddressResolver(GatewayAddresses addresses, Executor executor) {
    this.addresses = addresses;
    this.executor = executor;
  }

  /**
   * @param executor looks up host names, which may block
   */
  static Factory factory(GatewayAddresses addresses, Executor executor) {
    return new Factory() {
      @Override
      public NameResolver newNameResolver(URI target, Args args) {
        return SCHEME.equals(target.getScheme()) ? new AddressResolver(addresses, executor) : null;
      }

      @Override
      public String getDefaultScheme() {
        return SCHEME;
      }
    };
  }

  @Override
  public String getServiceAuthority() {
    return addresses.first().toString();
  }

  @Override
  public void start(Listener2 begun) {
    listener = begun;
    refresh();
  }

  @Override
  public void refresh() {
    var informed = listener;
    executor.execute(
        () ->
            informed.onResult(ResolutionResult.newBuilder().setAddressesOrError(lookUp()).build()));
  }

  private StatusOr<List<EquivalentAddressGroup>> lookUp() {
    var found = new ArrayList<EquivalentAddressGroup>();
    UnknownHostException unknown = null;
    for (var address : addresses.all()) {
      var name =
          Attributes.newBuilder()
              .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, address.toString())
              .build();
      try {
        for (var host : InetAddress.getAllByName(address.host())) {
          var socket = new InetSocketAddress(host, address.port());
          found.add(new EquivalentAddressGroup(socket, name));
        }
      } catch (UnknownHostException failure) {
        unknown = failure;
      }
    }
    return found.isEmpty()
        ? StatusOr.fromStatus(
            Status.UNAVAILABLE.withDescription("no host of these names").withCause(unknown))
        : StatusOr.fromValue(found);
  }

  @Override
  public void shutdown() {}
}
