package io.liiklus.server.grpc.limits;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.liiklus.server.grpc.codec.status.NotStored;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Count of the bytes that one call keeps until its request has ended, or its turn to be parsed has
 * come: those that came, and those that compressed ones grew to. Of a call with many requests each
 * is counted until its own end. Confined to the call's event loop.
 */
public final class InboundRequest extends ServerStreamTracer {

  /** Calls with any number of requests, by their full names. */
  private static final Set<String> MANY_REQUESTS =
      LiiklusServiceGrpc.getServiceDescriptor().getMethods().stream()
          .filter(method -> !method.getType().clientSendsOneMessage())
          .map(MethodDescriptor::getFullMethodName)
          .collect(Collectors.toUnmodifiableSet());

  private static final String CONSUME = LiiklusServiceGrpc.getConsumeMethod().getFullMethodName();

  /** Cost of a call before anything came: its objects and its headers. */
  static final int CALL_BYTES = 4 * 1024;

  /**
   * Cost of a piece beside its bytes: objects, and the rest of the buffer that it lies in. Else a
   * request in pieces of one byte would take a hundred times its count.
   */
  static final int PIECE_BYTES = 1024;

  private static final Context.Key<InboundRequest> CURRENT = Context.key("unfinished request");

  private final InboundMemoryLimiter all;
  private ServerCall<?, ?> call;
  private ConnectionRequests connection;
  private CountedListener<?> listener;
  private long heldBytes;

  /** Those of a request that has not come as a whole; of a call with many. */
  private long partBytes;

  /** Those kept because the client does not read; until the stream is closed, which it may stop. */
  private long keptBytes;

  private boolean isCompressed;
  private boolean isEnded;

  /** The connection's look at which something of this request was new. */
  private int touchedAtLook;

  InboundRequest(InboundMemoryLimiter all) {
    this.all = all;
  }

  /** The request of the call whose context is the current one. */
  public static InboundRequest current() {
    return CURRENT.get();
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(CURRENT, this);
  }

  /** Before any of its bytes come. */
  void begin(ServerCall<?, ?> begun, CountedListener<?> listening, ConnectionRequests of) {
    call = begun;
    listener = listening;
    connection = of;
    connection.begin(this);
    if (!listening.hasManyRequests() || isFirstAwaited()) {
      add(CALL_BYTES);
    }
  }

  /** A Consume is nothing without its start; a PublishStream may be open before it is used. */
  private boolean isFirstAwaited() {
    return CONSUME.equals(call.getMethodDescriptor().getFullMethodName());
  }

  /** Whether the call may have any number of requests. */
  static boolean isOneOfMany(MethodDescriptor<?, ?> method) {
    return MANY_REQUESTS.contains(method.getFullMethodName());
  }

  /**
   * Counts replies that wait for a client that does not read, and as many bytes as it can send
   * while it is not read either.
   *
   * @param bytes of the replies; 0: none wait
   */
  public void keepForClient(long bytes) {
    if (!isEnded) {
      long kept = bytes == 0 ? 0 : bytes + connection.windowOfCall();
      long more = kept - keptBytes;
      keptBytes = kept;
      if (more != 0) {
        count(more);
      }
    }
  }

  @Override
  public void inboundWireSize(long bytes) {
    add(bytes + PIECE_BYTES);
  }

  @Override
  public void inboundMessageRead(int number, long wireBytes, long uncompressedBytes) {
    isCompressed = uncompressedBytes < 0;
  }

  @Override
  public void inboundUncompressedSize(long bytes) {
    if (isCompressed) {
      add(bytes);
    }
  }

  @Override
  public void streamClosed(Status status) {
    end();
    if (keptBytes > 0) {
      count(-keptBytes);
      keptBytes = 0;
    }
  }

  private void add(long bytes) {
    if (connection != null && !isEnded) {
      touchedAtLook = connection.look();
      partBytes += bytes;
      count(bytes);
    }
  }

  private void count(long bytes) {
    heldBytes += bytes;
    connection.add(bytes);
    all.add(bytes);
  }

  /** One of many requests has come. Returns its bytes, which are held until {@link #release}. */
  long endOne() {
    long bytes = partBytes;
    partBytes = 0;
    return bytes;
  }

  /** One of many requests is counted no more. */
  void release(long bytes) {
    if (!isEnded) {
      count(-bytes);
    }
  }

  /** From now on nothing of its requests is counted. */
  void end() {
    if (connection != null && !isEnded) {
      isEnded = true;
      count(keptBytes - heldBytes);
      connection.end(this);
      call = null;
    }
  }

  /** Whether anything of it is kept, which its end would free. */
  boolean isHeld() {
    return heldBytes > 0;
  }

  /** Returns whether its end is awaited and nothing of it came since the look before this one. */
  boolean isSilentAt(int look) {
    boolean isAwaited = listener.hasManyRequests() ? partBytes > 0 : listener.endsWithRequest();
    return isAwaited && touchedAtLook != look;
  }

  /** Ends the call. */
  void refuse(Status status) {
    var refused = call;
    end();
    listener.drop();
    refused.close(
        status,
        listener.hasBegun() ? new Metadata() : NotStored.trailers(refused.getMethodDescriptor()));
  }
}
