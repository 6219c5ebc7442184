package io.liiklus.server.grpc;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.liiklus.server.grpc.auth.AuthInterceptor;
import io.liiklus.server.grpc.calls.CallOptions;
import io.liiklus.server.grpc.calls.GatewayCore;
import io.liiklus.server.grpc.limits.InboundMemoryLimiter;
import io.liiklus.server.grpc.publish.PublishLanes;
import io.liiklus.server.grpc.quota.QuotaInterceptor;
import io.liiklus.server.grpc.transport.CallCounter;
import io.liiklus.server.grpc.transport.ConnectionErrors;
import io.liiklus.server.grpc.transport.Connections;
import io.liiklus.server.quota.Quotas;
import io.liiklus.server.runtime.EventLoops;

/**
 * What watches the connected clients, from their connections to the head of a call. Thread-safe.
 */
record ConnectedClients(
    Connections connections,
    PublishLanes lanes,
    InboundMemoryLimiter unfinished,
    CallCounter endedCalls,
    ConnectionErrors errors,
    AuthInterceptor auth,
    QuotaInterceptor quotas) {

  static ConnectedClients open(
      PortOptions options,
      CallOptions callOptions,
      EventLoops loops,
      GatewayCore core,
      Quotas quotas) {
    long maxUnfinished = callOptions.sizes().maxUnfinished();
    return new ConnectedClients(
        new Connections(),
        new PublishLanes(
            core.records(),
            core.processing().in(),
            callOptions.publish().maxWaitingBytes(),
            loops.loops(),
            loops::current),
        new InboundMemoryLimiter(maxUnfinished, options.unfinishedPatience(), loops::current),
        new CallCounter(),
        new ConnectionErrors(),
        new AuthInterceptor(options.auth(), options.tls(), loops::current),
        new QuotaInterceptor(quotas));
  }

  /** Behind the filter that gives each connection its window. */
  NettyServerBuilder addTo(NettyServerBuilder server) {
    return server
        .addTransportFilter(connections)
        .addTransportFilter(lanes)
        .addTransportFilter(unfinished)
        .addStreamTracerFactory(unfinished.tracers())
        .addStreamTracerFactory(endedCalls)
        .addTransportFilter(auth.connections())
        .addTransportFilter(quotas)
        // The first one is the last to see a call, and knows who calls.
        .intercept(quotas)
        .intercept(auth)
        // The last one is the first to see a call: it counts those that wait for keys, too.
        .intercept(unfinished);
  }
}
