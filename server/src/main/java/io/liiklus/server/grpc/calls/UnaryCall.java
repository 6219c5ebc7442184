package io.liiklus.server.grpc.calls;

import com.google.protobuf.Message;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.StorageException;
import io.liiklus.server.grpc.auth.CallIdentity;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.codec.status.NotStored;
import io.liiklus.server.grpc.codec.status.Statuses;
import io.liiklus.server.grpc.publish.PartialAnswer;
import io.liiklus.server.grpc.quota.ConnectionQuotas;
import io.liiklus.server.quota.PrincipalQuota;
import io.liiklus.server.security.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One request and its answer. Answered in time: {@code UNAVAILABLE} shortly before the caller's
 * deadline, or when the method's own bound is reached; a {@link PartialAnswer} then returns the
 * known results. Confined to the call's event loop.
 */
final class UnaryCall<Q extends Message, A> extends ServerCall.Listener<Request<Q>>
    implements OpenCalls.OpenCall {

  /** Answers a request; called on the call's event loop, may complete anywhere. */
  interface Handler<Q extends Message, A> {

    /** The request is the handler's, unless this throws. */
    CompletionStage<A> handle(Request<Q> request, Caller caller);
  }

  /**
   * The client's side of a call that waits for its answer.
   *
   * @param patience for how long
   * @param loop the call's event loop, for timers
   * @param isWaiting whether somebody still does; any thread may ask
   * @param onAway notified each time that the storage is away, with its reason; any thread
   * @param connection the attributes of the call's connection
   * @param principal who calls
   * @param quota what it may use
   */
  record Caller(
      Duration patience,
      EventLoop loop,
      BooleanSupplier isWaiting,
      Consumer<StorageException> onAway,
      Attributes connection,
      Principal principal,
      PrincipalQuota quota) {

    /** Claim that the caller still waits, which is for its patience from now on at most. */
    BooleanSupplier isInTime() {
      long deadlineNs = System.nanoTime() + patience.toNanos();
      return () -> isWaiting.getAsBoolean() && System.nanoTime() - deadlineNs < 0;
    }
  }

  /**
   * @param bound how long the call waits for a storage where its caller would wait longer
   * @param deadlineMargin how long before the caller's deadline the call is answered
   * @param timeIsUp the text of that answer, which ends with the last failure, if there is one
   */
  record Timing(Duration bound, Duration deadlineMargin, String timeIsUp) {

    /**
     * @param lastFailure null where the storage was not away
     */
    Status timeIsUp(StorageException lastFailure) {
      return Status.UNAVAILABLE.withDescription(
          lastFailure == null ? timeIsUp : timeIsUp + LAST_FAILURE + lastFailure.getMessage());
    }

    Duration patience() {
      return untilDeadline().filter(left -> left.compareTo(bound) < 0).orElse(bound);
    }

    /** Empty where the caller has none. */
    Optional<Duration> untilDeadline() {
      var deadline = Context.current().getDeadline();
      if (deadline == null) {
        return Optional.empty();
      }
      long leftNs = deadline.timeRemaining(TimeUnit.NANOSECONDS) - deadlineMargin.toNanos();
      return Optional.of(Duration.ofNanos(Math.max(0, leftNs)));
    }
  }

  private static final String LAST_FAILURE = "; last failure: ";

  private static final String UNREAD =
      "the request was not read in time, as its connection waits for the storage, or as it did not"
          + " come; it did nothing";

  private final ServerCall<Request<Q>, A> call;
  private final EventLoop loop;
  private final OpenCalls openCalls;
  private final Timing timing;
  private final Handler<Q, A> handler;
  private final Principal principal = CallIdentity.current().principal();

  private Request<Q> request;
  private CompletionStage<A> answer;
  private ScheduledFuture<?> timeout;

  /** Read by storage threads too, which only ask whether it is worth to go on. */
  private volatile boolean isDone;

  /** Written by storage threads. Null while the storage was not away. */
  private volatile StorageException lastFailure;

  UnaryCall(
      ServerCall<Request<Q>, A> call,
      EventLoop loop,
      OpenCalls openCalls,
      Timing timing,
      Handler<Q, A> handler) {
    this.call = call;
    this.loop = loop;
    this.openCalls = openCalls;
    this.timing = timing;
    this.handler = handler;
    openCalls.add(loop, this);
    // A request whose connection is not read on is answered in time, too.
    timing.untilDeadline().ifPresent(left -> awaitFor(left, this::onUnreadInTime));
    // One more than allowed, so that the transport reports the half-close at once.
    call.request(2);
  }

  private void awaitFor(Duration longest, Runnable onTimeout) {
    timeout = loop.schedule(onTimeout, longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void onMessage(Request<Q> message) {
    if (request == null && !isDone) {
      request = message;
    } else {
      message.close();
      fail(OneRequestCall.TOO_MANY_REQUESTS);
    }
  }

  @Override
  public void onHalfClose() {
    if (isDone) {
      return;
    }
    if (request == null) {
      fail(OneRequestCall.NO_REQUEST);
      return;
    }
    var connection = call.getAttributes();
    var quota = ConnectionQuotas.of(connection, principal);
    var caller =
        new Caller(
            timing.patience(), loop, () -> !isDone, this::onAway, connection, principal, quota);
    var received = request;
    // However large it is, nobody needs it while the answer is waited for.
    request = null;
    // Before all else, so that the time which the request takes here counts.
    if (timeout != null) {
      timeout.cancel(false);
    }
    awaitFor(caller.patience(), this::onTimeout);
    try {
      answer = handler.handle(received, caller);
    } catch (RuntimeException refused) {
      received.close();
      fail(refused);
      return;
    }
    var unused =
        answer.whenComplete(
            (reply, failure) -> {
              if (loop.inEventLoop()) {
                finish(reply, failure);
              } else {
                loop.execute(() -> finish(reply, failure));
              }
            });
  }

  @Override
  public void onCancel() {
    boolean isWaiting = !isDone;
    end();
    if (isWaiting && answer instanceof PartialAnswer<A> partial) {
      partial.cancel();
    }
  }

  /** It is served while the gateway drains. */
  @Override
  public void onDrain() {}

  @Override
  public void endWaiting() {
    if (answer == null) {
      failUnread(Drain.DRAINING);
    } else {
      giveUp(Drain.DRAINING);
    }
  }

  /** Nothing was done for the call. */
  private void failUnread(Status status) {
    fail(status, NotStored.trailers(call.getMethodDescriptor()));
  }

  private void onUnreadInTime() {
    failUnread(Status.UNAVAILABLE.withDescription(UNREAD));
  }

  private void onTimeout() {
    giveUp(timing.timeIsUp(lastFailure));
  }

  private void onAway(StorageException failure) {
    lastFailure = failure;
  }

  /** Ends the wait; known results are returned. */
  private void giveUp(Status status) {
    if (isDone || !(answer instanceof PartialAnswer<A> partial)) {
      fail(status);
      return;
    }
    try {
      finish(partial.giveUp(status), null);
    } catch (StatusRuntimeException known) {
      fail(known);
    }
  }

  private void finish(A reply, Throwable failure) {
    if (isDone) {
      return;
    }
    if (failure != null) {
      fail(failure);
    } else {
      end();
      call.sendHeaders(new Metadata());
      call.sendMessage(reply);
      call.close(Status.OK, new Metadata());
    }
  }

  private void fail(Throwable failure) {
    var status = Statuses.of(failure);
    fail(status, NotStored.trailers(failure, status));
  }

  private void fail(Status status) {
    fail(status, new Metadata());
  }

  private void fail(Status status, Metadata trailers) {
    if (!isDone) {
      end();
      call.close(status, trailers);
    }
  }

  private void end() {
    isDone = true;
    if (request != null) {
      request.close();
      request = null;
    }
    if (timeout != null) {
      timeout.cancel(false);
    }
    openCalls.remove(loop, this);
  }
}
