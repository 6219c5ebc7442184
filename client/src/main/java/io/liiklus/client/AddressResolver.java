package io.liiklus.client;

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

/**
 * Finds the gateways in the order of their turn: the first that answers is used, and another one
 * when it is gone. Each keeps its own name for TLS. Confined to the channel's own order of tasks,
 * but for the look-ups.
 */
final class AddressResolver extends NameResolver {

  /** What channels are asked to resolve; the addresses say more. */
  static final String TARGET = "liiklus:///gateways";

  private static final String SCHEME = "liiklus";

  private final AddressTurn turn;
  private final Args args;
  private Listener2 listener;

  private AddressResolver(AddressTurn turn, Args args) {
    this.turn = turn;
    this.args = args;
  }

  static Factory factory(AddressTurn turn) {
    return new Factory() {
      @Override
      public NameResolver newNameResolver(URI target, Args args) {
        return SCHEME.equals(target.getScheme()) ? new AddressResolver(turn, args) : null;
      }

      @Override
      public String getDefaultScheme() {
        return SCHEME;
      }
    };
  }

  @Override
  public String getServiceAuthority() {
    return turn.name();
  }

  @Override
  public void start(Listener2 begun) {
    listener = begun;
    refresh();
  }

  /** By gRPC's pool for look-ups, since these may block. */
  @Override
  public void refresh() {
    var informed = listener;
    args.getOffloadExecutor()
        .execute(
            () -> {
              var result = ResolutionResult.newBuilder().setAddressesOrError(lookUp()).build();
              args.getSynchronizationContext().execute(() -> informed.onResult2(result));
            });
  }

  private StatusOr<List<EquivalentAddressGroup>> lookUp() {
    var found = new ArrayList<EquivalentAddressGroup>();
    UnknownHostException unknown = null;
    for (var address : turn.addresses()) {
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
