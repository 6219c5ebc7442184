package io.liiklus.server.grpc.transport;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * gRPC's own protocol negotiation, which gives the attributes of each transport the {@link
 * ConnectionWindow} of its HTTP/2 connection. Thread-safe.
 *
 * <p>gRPC has no public way from a call to the flow control of its connection, and a gateway that
 * slows its publishers down needs one. It relies on two facts inside of grpc-netty: the negotiator
 * gets the connection's handler before the transport is ready, and the transport's attributes name
 * both ends of the channel.
 */
public final class TransportNegotiator extends ServerTransportFilter implements ProtocolNegotiator {

  /**
   * One client's connection.
   *
   * @param http2 its HTTP/2 state, confined to the channel's event loop
   */
  record Transport(Channel channel, GrpcHttp2ConnectionHandler http2) {}

  private record Ends(SocketAddress local, SocketAddress remote) {}

  private final ProtocolNegotiator negotiator;
  private final Map<Ends, Transport> negotiating = new ConcurrentHashMap<>();

  private final Connections connections;
  private final ConnectionErrors errors;

  private TransportNegotiator(
      ProtocolNegotiator negotiator, Connections connections, ConnectionErrors errors) {
    this.negotiator = negotiator;
    this.connections = connections;
    this.errors = errors;
  }

  public static TransportNegotiator plaintext(Connections connections, ConnectionErrors errors) {
    return new TransportNegotiator(
        InternalProtocolNegotiators.serverPlaintext(), connections, errors);
  }

  public static TransportNegotiator tls(
      SslContext context, Connections connections, ConnectionErrors errors) {
    return new TransportNegotiator(
        InternalProtocolNegotiators.serverTls(context), connections, errors);
  }

  /** On the connection's event loop. */
  @Override
  public Attributes transportReady(Attributes attributes) {
    var ends =
        new Ends(
            attributes.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR),
            attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    var transport = negotiating.remove(ends);
    var window =
        transport == null ? ConnectionWindow.ended() : new ConnectionWindow(Optional.of(transport));
    return ConnectionWindow.addTo(attributes, window);
  }

  @Override
  public AsciiString scheme() {
    return negotiator.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler http2) {
    return new Registration(http2, negotiator.newHandler(http2));
  }

  @Override
  public void close() {
    negotiator.close();
  }

  /** Makes way for gRPC's handler once the channel is known. Confined to the event loop. */
  private final class Registration extends ChannelInboundHandlerAdapter {
    private final GrpcHttp2ConnectionHandler http2;
    private final ChannelHandler next;

    private Registration(GrpcHttp2ConnectionHandler http2, ChannelHandler next) {
      this.http2 = http2;
      this.next = next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      var channel = context.channel();
      var ends = new Ends(channel.localAddress(), channel.remoteAddress());
      var transport = new Transport(channel, http2);
      negotiating.put(ends, transport);
      connections.watch(channel, http2);
      errors.watch(channel, http2);
      // One that fails to negotiate is never asked for.
      var unused = channel.closeFuture().addListener(closed -> negotiating.remove(ends, transport));
      context.pipeline().replace(this, null, next);
    }
  }
}
