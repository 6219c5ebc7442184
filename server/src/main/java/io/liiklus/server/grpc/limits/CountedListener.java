package io.liiklus.server.grpc.limits;

import io.grpc.ServerCall;
import io.liiklus.server.grpc.codec.request.Request;

/**
 * Passes what comes of a call on until the call is refused, and notes what of it is counted no
 * more. Confined to the call's event loop.
 */
final class CountedListener<Q> extends ServerCall.Listener<Q> {
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
  CountedListener(
      InboundRequest request,
      ServerCall.Listener<Q> calls,
      boolean endsWithRequest,
      boolean hasManyRequests) {
    this.request = request;
    this.calls = calls;
    this.endsWithRequest = endsWithRequest;
    this.hasManyRequests = hasManyRequests;
  }

  boolean endsWithRequest() {
    return endsWithRequest;
  }

  boolean hasManyRequests() {
    return hasManyRequests;
  }

  boolean hasBegun() {
    return hasBegun;
  }

  /** The call is refused. */
  void drop() {
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
