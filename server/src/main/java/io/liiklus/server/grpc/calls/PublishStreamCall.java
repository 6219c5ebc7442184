package io.liiklus.server.grpc.calls;

import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.grpc.auth.CallIdentity;
import io.liiklus.server.grpc.auth.GracefulCall;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.codec.status.NotStored;
import io.liiklus.server.grpc.codec.status.Statuses;
import io.liiklus.server.grpc.limits.InboundRequest;
import io.liiklus.server.grpc.publish.PartialAnswer;
import io.liiklus.server.grpc.quota.ConnectionQuotas;
import io.liiklus.server.quota.PrincipalQuota;
import io.liiklus.server.security.Principal;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Stream of batches, each of which is published as a PublishBatch would be, and answered in its
 * turn. Confined to the call's event loop.
 *
 * <p>A request is read when one before it was answered, so that {@code publish.maxStreamBatches}
 * are in the gateway at the most. A reply counts as an answer once it is given to the transport,
 * which takes it when the client reads: so a client that reads nothing is not read either.
 *
 * <p>However the call ends, what it has begun is answered first, and what it has not begun is
 * surely not stored, as its trailer says. A cancel alone waits for nothing.
 */
final class PublishStreamCall extends ServerCall.Listener<Request<PublishBatchRequest>>
    implements OpenCalls.OpenCall, GracefulCall {

  private static final Status DEADLINE =
      Status.UNAVAILABLE.withDescription(
          "the deadline of the call has come; requests without a reply were not stored");

  private final ServerCall<Request<PublishBatchRequest>, EncodedReply> call;
  private final EventLoop loop;
  private final OpenCalls openCalls;
  private final UnaryCall.Timing timing;
  private final LiiklusService service;
  private final InboundRequest inbound = InboundRequest.current();
  private final Principal principal = CallIdentity.current().principal();
  private final PrincipalQuota quota;

  private final StreamedBatches batches = new StreamedBatches();

  /** Wakes the call at the deadline of the batch that was the first; null: none waits. */
  private ScheduledFuture<?> watch;

  /** Null where the client has set no deadline. */
  private ScheduledFuture<?> deadline;

  /** How the call ends once what has come is answered; null as long as it reads on. */
  private Status ending;

  /** Whether the requests without a reply are surely not stored at that end. */
  private boolean isSureOfRest = true;

  private boolean hasHeaders;
  private boolean isDone;

  PublishStreamCall(
      ServerCall<Request<PublishBatchRequest>, EncodedReply> call,
      EventLoop loop,
      OpenCalls openCalls,
      UnaryCall.Timing timing,
      LiiklusService service) {
    this.call = call;
    this.loop = loop;
    this.openCalls = openCalls;
    this.timing = timing;
    this.service = service;
    this.quota = ConnectionQuotas.of(call.getAttributes(), principal);
    openCalls.add(loop, this);
    if (service.drain().isDraining()) {
      endGracefully(Drain.DRAINING);
      return;
    }
    deadline =
        timing
            .untilDeadline()
            .map(left -> loop.schedule(this::onDeadline, left.toNanos(), TimeUnit.NANOSECONDS))
            .orElse(null);
    call.request(service.rules().maxStreamBatches());
  }

  @Override
  public void onMessage(Request<PublishBatchRequest> request) {
    if (ending != null) {
      request.close();
      return;
    }
    var patience = timing.patience();
    var batch = batches.add(System.nanoTime() + patience.toNanos());
    var caller =
        new UnaryCall.Caller(
            patience, loop, batch::isWaiting, unused -> {}, call.getAttributes(), principal, quota);
    PartialAnswer<EncodedReply> answer;
    try {
      answer = service.publishStreamed(request, caller);
    } catch (RuntimeException refused) {
      request.close();
      endBefore(batch, refused);
      return;
    }
    batch.begin(answer);
    var unused =
        answer.whenComplete(
            (reply, failure) -> {
              if (loop.inEventLoop()) {
                onAnswer(batch, reply, failure);
              } else {
                loop.execute(() -> onAnswer(batch, reply, failure));
              }
            });
    awaitFirst();
  }

  private void onAnswer(StreamedBatches.Batch batch, EncodedReply reply, Throwable failure) {
    if (!batch.isWaiting()) {
      return;
    }
    if (failure != null) {
      endBefore(batch, failure);
    } else {
      batch.answer(reply);
      send();
    }
  }

  /** Sends what is known in its order, as far as the client reads it. */
  private void send() {
    while (call.isReady() && sendFirst()) {
      if (ending == null) {
        // It may come at once, and be answered.
        call.request(1);
      }
    }
    if (ending != null && batches.isEmpty()) {
      close();
    } else if (!isDone) {
      inbound.keepForClient(call.isReady() ? 0 : batches.replyBytes());
    }
  }

  /** Returns false where the reply of the first batch is not known. */
  private boolean sendFirst() {
    var reply = batches.takeFirst();
    if (reply == null) {
      return false;
    }
    if (!hasHeaders) {
      // Not before: until then gRPC itself can refuse a request that is too large with a status.
      hasHeaders = true;
      call.sendHeaders(new Metadata());
    }
    call.sendMessage(reply);
    return true;
  }

  @Override
  public void onReady() {
    if (!isDone) {
      send();
    }
  }

  @Override
  public void onHalfClose() {
    endGracefully(Status.OK);
  }

  @Override
  public void onDrain() {
    endGracefully(Drain.DRAINING);
  }

  @Override
  public void endGracefully(Status status) {
    if (ending == null) {
      ending = status;
      send();
    }
  }

  /** Ends the call when all batches before this one are answered; none behind it was begun. */
  private void endBefore(StreamedBatches.Batch refused, Throwable failure) {
    ending = Statuses.of(failure);
    isSureOfRest = NotStored.isSure(failure);
    batches.dropFrom(refused);
    send();
  }

  private void awaitFirst() {
    var first = watch == null ? batches.firstWaiting() : null;
    if (first != null) {
      long leftNs = Math.max(0, first.deadlineNs() - System.nanoTime());
      watch = loop.schedule(this::onWatch, leftNs, TimeUnit.NANOSECONDS);
    }
  }

  private void onWatch() {
    watch = null;
    batches.giveUp(timing.timeIsUp(null), System.nanoTime(), this::endBefore);
    send();
    if (!isDone) {
      awaitFirst();
    }
  }

  private void onDeadline() {
    endNow(timing.timeIsUp(null), DEADLINE);
  }

  @Override
  public void endWaiting() {
    endNow(Drain.DRAINING, Drain.DRAINING);
  }

  /**
   * Ends the call whether its client reads or not.
   *
   * @param unknown status of the records without an answer
   */
  private void endNow(Status unknown, Status status) {
    if (ending == null) {
      ending = status;
    }
    batches.giveUp(unknown, Long.MAX_VALUE, this::endBefore);
    while (sendFirst()) {
      // No more than publish.maxStreamBatches.
    }
    close();
  }

  @Override
  public void onCancel() {
    if (!isDone) {
      finish();
      batches.dropAll();
    }
  }

  private void close() {
    if (!isDone) {
      finish();
      boolean isTold = !ending.isOk() && isSureOfRest;
      call.close(ending, isTold ? NotStored.trailers() : new Metadata());
    }
  }

  private void finish() {
    isDone = true;
    if (ending == null) {
      ending = Status.CANCELLED;
    }
    if (watch != null) {
      watch.cancel(false);
    }
    if (deadline != null) {
      deadline.cancel(false);
    }
    openCalls.remove(loop, this);
  }
}
