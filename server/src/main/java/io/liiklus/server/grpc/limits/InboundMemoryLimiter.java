package io.liiklus.server.grpc.limits;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.grpc.transport.ConnectionWindow;
import io.liiklus.server.runtime.WarnLimit;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bound on the memory of unfinished requests, and on the time for which a stalled one is kept.
 * Thread-safe.
 *
 * <p>gRPC keeps the bytes of a message until all have come, and gives the client its window back
 * meanwhile, so that no flow control bounds what many calls hold together. Each call counts its
 * bytes. Past the bound the connection with the most bytes has its newest calls ended, until the
 * sum is well below. That is done after the event loop's current turn, so that a request which
 * comes in one piece is served whatever the others' bytes.
 *
 * <p>Below the bound, stalled calls are ended after a while, however long the others take. Time is
 * counted in checks: a process that was stopped has not checked meanwhile.
 */
public final class InboundMemoryLimiter extends ServerTransportFilter implements ServerInterceptor {

  private static final Logger log = LoggerFactory.getLogger(InboundMemoryLimiter.class);

  private static final Attributes.Key<ConnectionRequests> OF_CONNECTION =
      Attributes.Key.create("unfinished requests");

  private final long bound;
  private final Status silent;
  private final Supplier<EventLoop> currentLoop;
  private final AtomicLong held = new AtomicLong();
  private final Set<ConnectionRequests> connections = ConcurrentHashMap.newKeySet();

  /** Set while a loop is about to end calls: one at a time does. */
  private final AtomicBoolean isRelieving = new AtomicBoolean();

  private final WarnLimit warnings = new WarnLimit();

  /**
   * @param bound in bytes
   * @param patience how long there is between two calls of {@link #endSilent}
   * @param currentLoop the event loop that runs the caller
   */
  public InboundMemoryLimiter(long bound, Duration patience, Supplier<EventLoop> currentLoop) {
    this.bound = bound;
    this.silent =
        Status.RESOURCE_EXHAUSTED.withDescription(
            "the request has not ended, and nothing more of it came for"
                + " grpc.unfinishedRequestTimeout = "
                + patience.toMillis()
                + " ms");
    this.currentLoop = currentLoop;
  }

  public ServerStreamTracer.Factory tracers() {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new InboundRequest(InboundMemoryLimiter.this);
      }
    };
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    var connection = new ConnectionRequests(currentLoop.get(), ConnectionWindow.of(attributes));
    connections.add(connection);
    return attributes.toBuilder().set(OF_CONNECTION, connection).build();
  }

  @Override
  public void transportTerminated(Attributes attributes) {
    // Null where the connection ended before it was ready.
    if (attributes != null) {
      connections.remove(attributes.get(OF_CONNECTION));
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    var request = InboundRequest.current();
    // Open calls of the other services have no bound of their own.
    var method = call.getMethodDescriptor();
    boolean endsWithRequest = LiiklusServiceGrpc.SERVICE_NAME.equals(method.getServiceName());
    var listener =
        new CountedListener<>(
            request,
            next.startCall(call, headers),
            endsWithRequest,
            InboundRequest.isOneOfMany(method));
    // None of its bytes were read so far: its connection's event loop is here.
    request.begin(call, listener, call.getAttributes().get(OF_CONNECTION));
    return listener;
  }

  /** Bytes that are held now. */
  public long heldBytes() {
    return held.get();
  }

  /** On the call's event loop. */
  void add(long bytes) {
    if (held.addAndGet(bytes) > bound && isRelieving.compareAndSet(false, true)) {
      relieve();
    }
  }

  private void relieve() {
    var largest = connections.stream().max(Comparator.comparingLong(ConnectionRequests::heldBytes));
    if (largest.isEmpty()) {
      isRelieving.set(false);
      return;
    }
    try {
      largest.get().loop().execute(() -> endCalls(largest.get()));
    } catch (RejectedExecutionException closed) {
      isRelieving.set(false);
    }
  }

  private void endCalls(ConnectionRequests connection) {
    int ended;
    var status =
        Status.RESOURCE_EXHAUSTED.withDescription(
            "more than grpc.maxUnfinishedRequestBytes = "
                + bound
                + " are held of requests that have not ended, most of them of this connection");
    try {
      ended = connection.endNewest(() -> held.get() > bound - bound / 8, status);
    } finally {
      isRelieving.set(false);
    }
    warn(ended, "more than grpc.maxUnfinishedRequestBytes are held");
  }

  /** Ends the calls of the gateway's service of which nothing came since this was last called. */
  public void endSilent() {
    for (var connection : connections) {
      if (connection.heldBytes() > 0) {
        try {
          connection.loop().execute(() -> warn(connection.endSilent(silent), "they are silent"));
        } catch (RejectedExecutionException closed) {
          // So are the connections of that loop.
        }
      }
    }
  }

  private void warn(int ended, String why) {
    if (ended > 0 && warnings.permits()) {
      log.warn(
          "calls were ended whose requests do not end, calls={} reason={} (logged once a minute)",
          ended,
          why);
    }
  }
}
