package io.liiklus.bench.worker;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.liiklus.bench.process.WorkOrder;

/** Opens connections to the gateway. Immutable. */
final class GatewayChannel {

  private static final int MAX_REPLY_BYTES = 64 << 20;

  private GatewayChannel() {}

  /** All calls are answered on the connection's own thread, which spares handing over. */
  static ManagedChannel open(WorkOrder order) {
    return NettyChannelBuilder.forAddress("127.0.0.1", order.number("gateway.port"))
        .usePlaintext()
        .directExecutor()
        .disableRetry()
        .maxInboundMessageSize(MAX_REPLY_BYTES)
        .intercept(credentials(order.text("token", "")))
        .build();
  }

  private static ClientInterceptor[] credentials(String token) {
    if (token.isEmpty()) {
      return new ClientInterceptor[0];
    }
    var headers = new Metadata();
    var authorization = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    headers.put(authorization, "Bearer " + token);
    return new ClientInterceptor[] {MetadataUtils.newAttachHeadersInterceptor(headers)};
  }
}
