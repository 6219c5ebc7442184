package io.liiklus.server.grpc.auth;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.liiklus.server.grpc.codec.status.NotStored;
import io.liiklus.server.security.Identity;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * A call that is not started yet. Confined to the call's event loop.
 *
 * <p>Nothing of its request is asked for until it starts, so that few notifications can come
 * before. Those that do, and those that come while it is being started, are passed on in their
 * order.
 */
final class WaitingCall<Q, A> extends ServerCall.Listener<Q> {

  private final ServerCall<Q, A> call;
  private final Metadata headers;
  private final ServerCallHandler<Q, A> next;
  private final Context context = Context.current();
  private final Queue<Consumer<ServerCall.Listener<Q>>> early = new ArrayDeque<>();

  private ServerCall.Listener<Q> started;
  private boolean isEnded;

  WaitingCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    this.call = call;
    this.headers = headers;
    this.next = next;
  }

  /** Starts it, where its client still waits. */
  void start(AuthInterceptor interceptor, Identity identity) {
    if (isEnded) {
      return;
    }
    context.run(
        () -> {
          var listener = interceptor.start(identity, call, headers, next);
          for (var come = early.poll(); come != null; come = early.poll()) {
            come.accept(listener);
          }
          started = listener;
        });
  }

  ServerCall<Q, A> call() {
    return call;
  }

  void refuse(Status status) {
    if (!isEnded) {
      isEnded = true;
      call.close(status, NotStored.trailers(call.getMethodDescriptor()));
    }
  }

  private void pass(Consumer<ServerCall.Listener<Q>> notification) {
    if (started == null) {
      early.add(notification);
    } else {
      notification.accept(started);
    }
  }

  @Override
  public void onMessage(Q message) {
    pass(listener -> listener.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    pass(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onCancel() {
    isEnded = true;
    pass(ServerCall.Listener::onCancel);
  }

  @Override
  public void onComplete() {
    isEnded = true;
    pass(ServerCall.Listener::onComplete);
  }

  @Override
  public void onReady() {
    pass(ServerCall.Listener::onReady);
  }
}
