package io.liiklus.server.grpc.limits;

import io.grpc.Context;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.codec.status.NotStored;

/**
 * Count of the bytes that one call keeps until its request has ended, or its turn to be parsed has
 * come: those that came, and those that compressed ones grew to. Confined to the call's event loop.
 */
final class InboundRequest extends ServerStreamTracer {

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
  private boolean isCompressed;

  /** The connection's look at which something of this request was new. */
  private int touchedAtLook;

  InboundRequest(InboundMemoryLimiter all) {
    this.all = all;
  }

  /** The request of the call whose context is the current one. */
  static InboundRequest current() {
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
    add(CALL_BYTES);
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
  }

  private void add(long bytes) {
    if (connection != null) {
      touchedAtLook = connection.look();
      heldBytes += bytes;
      connection.add(bytes);
      all.add(bytes);
    }
  }

  /** From now on nothing is counted. */
  private void end() {
    if (connection != null) {
      add(-heldBytes);
      connection.end(this);
      connection = null;
      call = null;
    }
  }

  /** A message of several has been handled: the next one is counted anew, and may take its time. */
  private void endMessage() {
    add(-heldBytes);
  }

  /** Whether anything of it is kept. */
  boolean isHeld() {
    return heldBytes > 0;
  }

  /** Returns whether its end is awaited and nothing of it came since the look before this one. */
  boolean isSilentAt(int look) {
    return listener.endsWithRequest && isHeld() && touchedAtLook != look;
  }

  /** Ends the call. */
  void refuse(Status status) {
    var refused = call;
    end();
    listener.drop();
    refused.close(status, NotStored.trailers(refused.getMethodDescriptor()));
  }

  /** Passes everything on until the call is refused. Confined to the call's event loop. */
  static final class Listener<Q> extends ServerCall.Listener<Q> {
    private final InboundRequest request;
    private final ServerCall.Listener<Q> calls;
    private final boolean endsWithRequest;
    private final boolean hasManyMessages;
    private boolean isDropped;

    /** The newest message; null where there is none, or once all came. */
    private Request<?> last;

    /**
     * @param calls the method of the call
     * @param endsWithRequest whether counting ends with the client's request
     * @param hasManyMessages whether each message is counted by itself, and not the call
     */
    Listener(
        InboundRequest request,
        ServerCall.Listener<Q> calls,
        boolean endsWithRequest,
        boolean hasManyMessages) {
      this.hasManyMessages = hasManyMessages;
      this.request = request;
      this.calls = calls;
      this.endsWithRequest = endsWithRequest;
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
      if (hasManyMessages) {
        calls.onMessage(message);
        request.endMessage();
        return;
      }
      if (message instanceof Request<?> parsedLater) {
        last = parsedLater;
      }
      calls.onMessage(message);
    }

    /** A request may have been left unparsed, to wait for its turn: it is counted until then. */
    @Override
    public void onHalfClose() {
      if (isDropped) {
        return;
      }
      calls.onHalfClose();
      if (!endsWithRequest) {
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
