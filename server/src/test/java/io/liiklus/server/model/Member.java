package io.liiklus.server.model;

import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.Status;
import io.liiklus.api.GroupId;
import io.liiklus.api.StorageException;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.kafka.group.SteppedMember;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.KafkaException;

/** One Subscribe call, and the member of the group that stands behind it. */
final class Member extends SteppedCall<SubscribeRequest, SubscribeReply> implements Subscription {

  final int slot;
  final ModelGroup group;
  final GroupId id;
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
  private SteppedMember stepped;
  private String sessionId;
  private boolean isTurning;

  private boolean isClosing;
  private boolean hasFailed;
  private boolean hasLeft;

  /** It ended while the gateway did, which still takes acks of the session. */
  private boolean isKept;

  Member(World world, int slot, boolean isEarliest, SteppedEventLoop loop) {
    super(world.witness, loop);
    this.world = world;
    this.slot = slot;
    this.group = world.groups.get(slot / 2);
    this.id = new GroupId(group.name, slot == 1 ? world.otherVersion : 0);
    this.isEarliest = isEarliest;
  }

  void start() {
    var request =
        SubscribeRequest.newBuilder()
            .setTopic(ModelTopic.NAME)
            .setGroup(id.name())
            .setGroupVersion(id.version())
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
    consumer = new ModelConsumer(witness);
    stepped =
        new SteppedMember(
            new SteppedMember.Parts(
                consumer, world.topic, world.reading, tap, () -> witness.clockNs),
            new SteppedMember.Order(
                request, world.topic.id(), world.knownPartitions, world.skipsUnreadable));
    return this;
  }

  @Override
  public CompletionStage<Void> close() {
    isClosing = true;
    return closed;
  }

  boolean canTurn() {
    return stepped != null && !hasLeft && !isTurning;
  }

  boolean hasLeft() {
    return stepped == null || hasLeft;
  }

  /** A turn of the member, or its end. */
  void turn(Runnable meanwhile) {
    isTurning = true;
    try {
      if (isClosing) {
        leave();
        closed.complete(null);
        return;
      }
      boolean wasAsleep = stepped.isAsleep();
      long before = witness.now();
      stepped.runDue();
      witness.require(
          !wasAsleep || witness.now() == before, "%s: it was not woken for what was due", this);
      consumer.meanwhile =
          () -> {
            group.rebalance(this);
            meanwhile.run();
          };
      stepped.poll();
    } catch (KafkaException | StorageException failure) {
      witness.require(isRefusal(failure), "%s: it ended by %s", this, failure);
      hasFailed = true;
      leave();
      tap.onFailed(new StorageException(StorageException.Kind.REFUSED, "refused", failure));
      closed.complete(null);
    } finally {
      isTurning = false;
    }
  }

  private boolean isRefusal(RuntimeException failure) {
    return failure == consumer.refusal || world.faults.isToldOf(failure);
  }

  private void leave() {
    hasLeft = true;
    stepped.leave();
    group.disown(this);
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

  /** Whether the session holds the partition, or did once. */
  boolean hasHeld(int partition) {
    return tap != null && tap.hasHeld(partition);
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
    return "member " + slot + (id.version() == 0 ? "" : " of version " + id.version());
  }
}
