package io.liiklus.server.grpc.limits;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.liiklus.server.grpc.codec.request.Request;
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
  private Listener<?> listener;
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
  void begin(ServerCall<?, ?> begun, Listener<?> listening, ConnectionRequests of) {
    call = begun;
    listener = listening;
    connection = of;
    connection.begin(this);
    if (!listening.hasManyRequests || isFirstAwaited()) {
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
  private long endOne() {
    long bytes = partBytes;
    partBytes = 0;
    return bytes;
  }

  private void release(long bytes) {
    if (!isEnded) {
      count(-bytes);
    }
  }

  /** From now on nothing of its requests is counted. */
  private void end() {
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
    boolean isAwaited = listener.hasManyRequests ? partBytes > 0 : listener.endsWithRequest;
    return isAwaited && touchedAtLook != look;
  }

  /** Ends the call. */
  void refuse(Status status) {
    var refused = call;
    end();
    listener.drop();
    refused.close(
        status,
        listener.hasBegun ? new Metadata() : NotStored.trailers(refused.getMethodDescriptor()));
  }

  /** Passes everything on until the call is refused. Confined to the call's event loop. */
  static final class Listener<Q> extends ServerCall.Listener<Q> {
    private final InboundRequest request;
    private final ServerCall.Listener<Q> calls;
    private final boolean endsWithRequest;
    private final boolean hasManyRequests;
    private boolean isDropped;

    /** Whether one of many requests was passed on: some may be stored by now. */
    private boolean hasBegun;

    /** The newest message; null where there is none, or once all came. */
    private Request<?> last;

    /**
     * @param calls the method of the call
     * @param endsWithRequest whether counting ends with the client's request
     * @param hasManyRequests whether each request has an end of its own
     */
    Listener(
        InboundRequest request,
        ServerCall.Listener<Q> calls,
        boolean endsWithRequest,
        boolean hasManyRequests) {
      this.request = request;
      this.calls = calls;
      this.endsWithRequest = endsWithRequest;
      this.hasManyRequests = hasManyRequests;
    }

    private void drop() {
      isDropped = true;
      calls.onCancel();
    }

    @Override
    public void onMessage(Q message) {
      if (isDropped) {
        close(message);
        return;
      }
      if (hasManyRequests) {
        onOneOfMany(message);
        return;
      }
      if (message instanceof Request<?> parsedLater) {
        last = parsedLater;
      }
      calls.onMessage(message);
    }

    private void onOneOfMany(Q message) {
      hasBegun = true;
      long bytes = request.endOne();
      if (message instanceof Request<?> parsedLater && parsedLater.isUnparsed()) {
        parsedLater.onRelease(() -> request.release(bytes));
        calls.onMessage(message);
      } else {
        calls.onMessage(message);
        request.release(bytes);
      }
    }

    /** A request may have been left unparsed, to wait for its turn: it is counted until then. */
    @Override
    public void onHalfClose() {
      if (isDropped) {
        return;
      }
      calls.onHalfClose();
      if (!endsWithRequest || hasManyRequests) {
        return;
      }
      if (last != null && last.isUnparsed()) {
        last.onRelease(request::end);
      } else {
        request.end();
      }
      last = null;
    }

    private static void close(Object message) {
      if (message instanceof Request<?> unused) {
        unused.close();
      }
    }

    @Override
    public void onCancel() {
      if (!isDropped) {
        calls.onCancel();
      }
    }

    @Override
    public void onComplete() {
      if (!isDropped) {
        calls.onComplete();
      }
    }

    @Override
    public void onReady() {
      if (!isDropped) {
        calls.onReady();
      }
    }
  }
}
