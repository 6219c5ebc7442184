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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Call that stays open, with replies until it is cancelled or ended. Confined to the call's event
 * loop, but for {@link #drain}, {@link #judgeAgain} and {@link #ended}.
 */
abstract class StreamCall<Q extends Message, A> extends ServerCall.Listener<Request<Q>> {

  final ServerCall<Request<Q>, A> call;
  final EventLoop loop;
  final StreamContext context;

  /** Who calls. */
  final Principal principal = CallIdentity.current().principal();

  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicBoolean isJudgementDue = new AtomicBoolean();

  /** Read by storage threads too, which only ask whether it is worth to go on. */
  private volatile boolean isDone;

  StreamCall(ServerCall<Request<Q>, A> call, EventLoop loop, StreamContext context) {
    this.call = call;
    this.loop = loop;
    this.context = context;
  }

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
  public void onCancel() {
    if (!isDone) {
      finish();
    }
  }

  /** Any thread. */
  void drain() {
    loop.execute(() -> end(Drain.DRAINING));
  }

  /** Any thread: completes when the call has ended. */
  final CompletableFuture<Void> ended() {
    return ended;
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
    ended.complete(null);
  }
}
