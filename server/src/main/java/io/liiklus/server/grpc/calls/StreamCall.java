package io.liiklus.server.grpc.calls;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.authorization.AccessException;
import io.liiklus.server.grpc.auth.CallIdentity;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.codec.status.Statuses;
import io.liiklus.server.security.Principal;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Call that stays open: one request, then replies until it is cancelled or ended. Confined to the
 * call's event loop, but for {@link #drain} and {@link #judgeAgain}.
 */
abstract class StreamCall<Q extends Message, A> extends ServerCall.Listener<Request<Q>> {

  static final Status NO_REQUEST =
      Status.INVALID_ARGUMENT.withDescription("the call ended without a request; it has one");
  static final Status TOO_MANY_REQUESTS =
      Status.INVALID_ARGUMENT.withDescription("the call has more than one request; it has one");

  final ServerCall<Request<Q>, A> call;
  final EventLoop loop;
  final StreamContext context;

  /** Who calls. */
  final Principal principal = CallIdentity.current().principal();

  private Request<Q> request;

  private final AtomicBoolean isJudgementDue = new AtomicBoolean();

  /** Read by storage threads too, which only ask whether it is worth to go on. */
  private volatile boolean isDone;

  StreamCall(ServerCall<Request<Q>, A> call, EventLoop loop, StreamContext context) {
    this.call = call;
    this.loop = loop;
    this.context = context;
    // One more than allowed, so that the transport reports the half-close at once.
    call.request(2);
  }

  /**
   * Opens the stream of the request, and calls {@link StreamContext#onOpened}.
   *
   * @throws RuntimeException which ends the call with its status
   */
  abstract void open(Q request);

  /**
   * Judges whether the caller may have the stream; once it is opened, again with each change of the
   * policy.
   *
   * @throws io.liiklus.server.authorization.AccessException where it may not
   */
  abstract void requireAllowed();

  /** Releases the stream's resources. Called once. */
  abstract void release();

  /** Receives are drained before the sessions that they belong to. */
  abstract boolean isReceive();

  @Override
  public final void onMessage(Request<Q> message) {
    if (request == null) {
      request = message;
    } else {
      end(TOO_MANY_REQUESTS);
    }
  }

  @Override
  public final void onHalfClose() {
    if (isDone) {
      return;
    }
    if (request == null) {
      end(NO_REQUEST);
      return;
    }
    var received = request;
    // However large it is, nobody needs it while the stream is open.
    request = null;
    try {
      context.requireServing();
      open(received.messageOrThrow());
    } catch (RuntimeException refused) {
      end(Statuses.of(refused));
    }
  }

  @Override
  public final void onCancel() {
    if (!isDone) {
      finish();
    }
  }

  /** Any thread. */
  final void drain() {
    loop.execute(() -> end(Drain.DRAINING));
  }

  /** Any thread: what may be done has changed. Changes that come together are judged once. */
  final void judgeAgain() {
    if (isJudgementDue.compareAndSet(false, true)) {
      try {
        loop.execute(this::judge);
      } catch (RejectedExecutionException closed) {
        // So is the connection.
      }
    }
  }

  private void judge() {
    // First, so that a change from now on is judged again.
    isJudgementDue.set(false);
    try {
      if (!isDone) {
        requireAllowed();
      }
    } catch (AccessException denied) {
      end(Statuses.of(denied));
    }
  }

  final boolean isDone() {
    return isDone;
  }

  final void end(Status status) {
    if (!isDone) {
      finish();
      call.close(status, new Metadata());
    }
  }

  private void finish() {
    isDone = true;
    context.onEnded(this);
    release();
  }
}
