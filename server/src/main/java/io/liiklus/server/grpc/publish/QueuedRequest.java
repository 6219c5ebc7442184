package io.liiklus.server.grpc.publish;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.codec.status.NotStored;
import io.liiklus.server.quota.PrincipalQuota;
import java.time.Duration;

/**
 * A request that waits unparsed for its turn, and the answer to it. Confined to the connection's
 * event loop, but that it completes on any thread.
 */
final class QueuedRequest<Q extends Message, A> extends WaitingAnswer<A>
    implements PartialAnswer<A> {

  private static final String OVER_RATE =
      "no turn in time, as the caller publishes more than quotas.rules lets it; the record was not"
          + " stored";

  private final PublishLane lane;
  private final Request<Q> request;
  private final PrincipalQuota quota;
  private final PublishLane.Start<Q, A> start;

  /** Null as long as the request waits. */
  private PartialAnswer<A> started;

  QueuedRequest(
      PublishLane lane,
      Request<Q> request,
      Duration patience,
      PrincipalQuota quota,
      PublishLane.Start<Q, A> start) {
    super(patience);
    this.lane = lane;
    this.request = request;
    this.quota = quota;
    this.start = start;
  }

  /** Of the caller. */
  PrincipalQuota quota() {
    return quota;
  }

  /** Parses the request and publishes its records. */
  void start() {
    try {
      started = start.start(request.messageOrThrow(), patience());
    } catch (RuntimeException refused) {
      completeExceptionally(refused);
      return;
    }
    completeAs(started);
  }

  @Override
  public A giveUp(Status unknown) {
    if (started != null) {
      return started.giveUp(unknown);
    }
    lane.remove(this);
    var status =
        NotStored.isTimeUp(unknown) && quota.publishWaitNs() > 0
            ? unknown.withDescription(OVER_RATE)
            : NotStored.withdrawn(unknown);
    return start.withoutTurn(request, status);
  }

  @Override
  public void cancel() {
    if (started != null) {
      started.cancel();
    } else {
      lane.remove(this);
      request.close();
    }
  }
}
