package io.liiklus.server.grpc.transport;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Counter of the service's calls as they end, by method and status. Thread-safe.
 *
 * <p>Counts every end, also those that no handler answers: a request that is too large, a client
 * that has gone. Calls of other methods are not counted, as clients make up their names.
 */
public final class CallCounter extends ServerStreamTracer.Factory {

  /** Hears of one number. */
  @FunctionalInterface
  public interface Visitor {

    /**
     * @param method as in the contract: {@code Publish}
     * @param code the name of a status: {@code OK}
     */
    void visit(String method, String code, long count);
  }

  private static final ServerStreamTracer UNCOUNTED = new ServerStreamTracer() {};

  /** By the full name, as gRPC reports it. */
  private final Map<String, Counts> methods =
      LiiklusServiceGrpc.getServiceDescriptor().getMethods().stream()
          .map(Counts::new)
          .collect(Collectors.toUnmodifiableMap(counts -> counts.method, Function.identity()));

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    var counts = methods.get(method);
    return counts == null ? UNCOUNTED : counts;
  }

  /** Tells of each method and status that has occurred. */
  public void forEach(Visitor visitor) {
    methods.values().forEach(counts -> counts.forEach(visitor));
  }

  /** Counts of one method; one for all its calls, as nothing is kept for each. */
  private static final class Counts extends ServerStreamTracer {

    private final String method;
    private final AtomicLongArray byCode = new AtomicLongArray(Status.Code.values().length);

    private Counts(MethodDescriptor<?, ?> descriptor) {
      this.method = descriptor.getFullMethodName();
    }

    @Override
    public void streamClosed(Status status) {
      byCode.incrementAndGet(status.getCode().value());
    }

    private void forEach(Visitor visitor) {
      for (var code : Status.Code.values()) {
        long count = byCode.get(code.value());
        if (count > 0) {
          visitor.visit(MethodDescriptor.extractBareMethodName(method), code.name(), count);
        }
      }
    }
  }
}
