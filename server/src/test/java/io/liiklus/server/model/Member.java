package io.liiklus.server.model;

import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.Status;
import io.liiklus.api.StorageException;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.kafka.SteppedPollLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.KafkaException;

/** One Subscribe call, and the member of the group that stands behind it. */
final class Member extends SteppedCall<SubscribeRequest, SubscribeReply> implements Subscription {

  final int slot;
  final int version;
  final boolean isEarliest;

  private final World world;
  private final Map<Integer, Long> delivered = new HashMap<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  ModelConsumer consumer;

  /** The broker has thrown it out, of which it knows nothing yet. */
  boolean isKickedOut;

  /** It gives everything up at the next rebalance, and gets it back. */
  boolean isEager;

  private SessionTap tap;
  private SteppedPollLoop pollLoop;
  private String sessionId;
  private boolean isTurning;

  /** Whether the poll that runs is the first of its round. */
  private boolean isOfAll;

  private boolean isClosing;
  private boolean hasFailed;
  private boolean hasLeft;

  /** It ended while the gateway did, which still takes acks of the session. */
  private boolean isKept;

  Member(World world, int slot, boolean isEarliest, SteppedEventLoop loop) {
    super(world.witness, loop);
    this.world = world;
    this.slot = slot;
    this.version = slot == 0 ? 0 : world.otherVersion;
    this.isEarliest = isEarliest;
  }

  void start() {
    var request =
        SubscribeRequest.newBuilder()
            .setTopic(ModelTopic.NAME)
            .setGroup(ModelPositions.GROUP)
            .setGroupVersion(version)
            .setAutoOffsetReset(
                isEarliest
                    ? SubscribeRequest.AutoOffsetReset.EARLIEST
                    : SubscribeRequest.AutoOffsetReset.LATEST)
            .build();
    start(request, call -> world.calls.subscribe(call, loop));
  }

  @Override
  void onBegin() {
    world.opening = this;
  }

  Subscription subscribe(SubscriptionRequest request, SubscriptionListener session) {
    tap = new SessionTap(world, this, session);
    consumer = new ModelConsumer(witness, world.topic, world.maxPollRecords, this::onPolled);
    pollLoop =
        new SteppedPollLoop(
            new SteppedPollLoop.Parts(consumer, world.topic, tap, () -> witness.clockNs),
            new SteppedPollLoop.Order(
                request, world.topic.id(), world.knownPartitions, world.skipsUnreadable),
            world.handOffBytes);
    return this;
  }

  @Override
  public CompletionStage<Void> close() {
    isClosing = true;
    pollLoop.close();
    return closed;
  }

  boolean canTurn() {
    return pollLoop != null && !hasLeft && !isTurning;
  }

  boolean hasLeft() {
    return pollLoop == null || hasLeft;
  }

  /** A round of the loop, or its end. */
  void turn(ModelConsumer.Meanwhile meanwhile) {
    isTurning = true;
    try {
      if (isClosing) {
        leave();
        closed.complete(null);
        return;
      }
      tap.onRound();
      isOfAll = true;
      consumer.meanwhile =
          () -> {
            // In later polls of a round, which look for what is unreadable, no more is done.
            consumer.meanwhile = this::rebalanceAlone;
            world.rebalance(this);
            meanwhile.run();
          };
      pollLoop.turn();
    } catch (KafkaException | StorageException failure) {
      witness.require(isRefusal(failure), "%s: the loop ended by %s", this, failure);
      hasFailed = true;
      leave();
      tap.onFailed(new StorageException(StorageException.Kind.REFUSED, "refused", failure));
      closed.complete(null);
    } finally {
      isTurning = false;
    }
  }

  private void rebalanceAlone() {
    isOfAll = false;
    world.rebalance(this);
  }

  void onPolled(int partition, long bytes) {
    tap.onPolled(partition, bytes, isOfAll);
  }

  private boolean isRefusal(RuntimeException failure) {
    return failure == consumer.refusal;
  }

  private void leave() {
    hasLeft = true;
    pollLoop.leave();
    world.onLeft(this);
  }

  @Override
  void onReply(SubscribeReply reply) {
    var assignment = reply.getAssignment();
    sessionId = assignment.getSessionId();
    var holding = tap.held(assignment.getPartition());
    if (holding != null) {
      holding.isTold = true;
    }
  }

  @Override
  void onEnd(Status how) {
    isKept = world.isDraining;
    boolean isRight =
        switch (how.getCode()) {
          case PERMISSION_DENIED -> hasFailed;
          case UNAVAILABLE -> world.isDraining;
          default -> false;
        };
    witness.require(isRight, "%s: ended as %s", this, how);
    onClosed();
  }

  @Override
  void onCancelled() {
    isKept = world.isDraining;
    onClosed();
  }

  private void onClosed() {
    if (tap != null) {
      tap.onClosed();
    }
  }

  /** Null until the client was told. */
  String sessionId() {
    return sessionId;
  }

  /** Null where the session holds no such partition. */
  Holding held(int partition) {
    return tap == null || isForgotten() ? null : tap.held(partition);
  }

  boolean isLost(int partition) {
    return tap.isLost(partition);
  }

  boolean isOpen() {
    return !isOver() && !hasFailed && !isClosing;
  }

  /** Whether the gateway knows the session no more. */
  boolean isForgotten() {
    return isOver() && !isKept;
  }

  /** Whether it ended for another reason than that the gateway does. */
  boolean hasEndedItself() {
    boolean isDrained = status() != null && status().getCode() == Status.Code.UNAVAILABLE;
    return hasFailed || (isOver() && !isDrained);
  }

  boolean isRead() {
    return tap != null && tap.isRead();
  }

  void onDelivered(int partition, long offset) {
    delivered.put(partition, offset);
  }

  /** Null where nothing came. */
  Long lastDelivered(int partition) {
    return delivered.get(partition);
  }

  @Override
  public String toString() {
    return "member " + slot + (version == 0 ? "" : " of version " + version);
  }
}
