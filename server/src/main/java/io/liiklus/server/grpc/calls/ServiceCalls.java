package io.liiklus.server.grpc.calls;

import io.grpc.ServerServiceDefinition;
import io.liiklus.server.grpc.limits.ReadLimiter;
import io.liiklus.server.runtime.EventLoops;
import java.util.concurrent.CompletableFuture;

/** Calls of the service: their binding to its methods, and their end. Thread-safe. */
public final class ServiceCalls {

  private final StreamContext streams;
  private final OpenCalls openCalls;
  private final ServerServiceDefinition definition;

  public ServiceCalls(GatewayCore core, CallOptions options, EventLoops loops) {
    var drain = new Drain();
    streams = new StreamContext(core, drain, options.receive(), options.consume(), loops.loops());
    openCalls = new OpenCalls(loops.loops());
    var reads = new ReadLimiter(options.maxWaitingReads());
    var service = new LiiklusService(core, options.publish(), drain, reads);
    definition = Methods.bind(service, streams, loops, openCalls, options.timings());
  }

  public ServerServiceDefinition definition() {
    return definition;
  }

  /**
   * Takes no new work and ends the streams, which leaves the groups. Acks are still served.
   *
   * @return completes when all streams have ended, those too whose clients may still ack
   */
  public CompletableFuture<Void> drain() {
    streams.beginDrain();
    openCalls.beginDrain();
    var open = streams.inDrainOrder();
    open.forEach(StreamCall::drain);
    return CompletableFuture.allOf(
        open.stream().map(StreamCall::ended).toArray(CompletableFuture[]::new));
  }

  /** Answers the calls that wait with {@code UNAVAILABLE}; returns when that is done. */
  public void endWaiting() {
    openCalls.endWaiting();
  }
}
