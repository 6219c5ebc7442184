package io.liiklus.server.gateway;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/** A gateway with the calls of the original alone: passes these on to a real one. Thread-safe. */
public final class OlderGateway implements AutoCloseable {

  private static final Set<String> CALLS =
      Set.of("Publish", "Subscribe", "Receive", "Ack", "GetOffsets", "GetEndOffsets");

  private final ManagedChannel channel;
  private final Server server;

  private OlderGateway(ManagedChannel channel, Server server) {
    this.channel = channel;
    this.server = server;
  }

  /** In front of the gateway on this port. */
  public static OlderGateway start(int gatewayPort) throws IOException {
    var channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gatewayPort)
            .usePlaintext()
            .directExecutor()
            .build();
    var server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .fallbackHandlerRegistry(new Registry(channel))
            .build()
            .start();
    return new OlderGateway(channel, server);
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
    channel.shutdownNow();
  }

  /** All other methods are UNIMPLEMENTED. */
  private static final class Registry extends HandlerRegistry {

    private final ManagedChannel channel;

    private Registry(ManagedChannel channel) {
      this.channel = channel;
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
      var bare = MethodDescriptor.extractBareMethodName(name);
      if (bare == null || !CALLS.contains(bare)) {
        return null;
      }
      var method = RawCall.method(name);
      return ServerMethodDefinition.create(method, (call, headers) -> pass(method, call, headers));
    }

    private ServerCall.Listener<byte[]> pass(
        MethodDescriptor<byte[], byte[]> method,
        ServerCall<byte[], byte[]> call,
        Metadata headers) {
      var onward = channel.newCall(method, CallOptions.DEFAULT);
      onward.start(new Replies(call), headers);
      call.request(2);
      onward.request(Integer.MAX_VALUE);
      return new Requests(onward);
    }
  }

  private static final class Requests extends ServerCall.Listener<byte[]> {
    private final ClientCall<byte[], byte[]> onward;

    private Requests(ClientCall<byte[], byte[]> onward) {
      this.onward = onward;
    }

    @Override
    public void onMessage(byte[] request) {
      onward.sendMessage(request);
    }

    @Override
    public void onHalfClose() {
      onward.halfClose();
    }

    @Override
    public void onCancel() {
      onward.cancel("the client has gone", null);
    }
  }

  private static final class Replies extends ClientCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> call;

    private Replies(ServerCall<byte[], byte[]> call) {
      this.call = call;
    }

    @Override
    public synchronized void onHeaders(Metadata headers) {
      call.sendHeaders(headers);
    }

    @Override
    public synchronized void onMessage(byte[] reply) {
      call.sendMessage(reply);
    }

    @Override
    public synchronized void onClose(Status status, Metadata trailers) {
      call.close(status, trailers);
    }
  }
}
