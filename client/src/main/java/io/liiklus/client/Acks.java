package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.google.protobuf.Empty;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Acks of one assignment: one is on its way at a time, and the next one has the newest position.
 * Confined to the loop.
 *
 * <p>By the assignment, so that an ack of a partition which was lost meanwhile is refused, and
 * takes no position back.
 */
final class Acks {

  private static final long TIMEOUT_MS = 15_000;
  private static final long NONE = -1;

  /** Of an assignment's acks. Confined to the loop. */
  interface Owner {

    /** The stored position has changed. */
    void onStored();

    /** The gateway refuses acks for good. */
    void onRefused(Status status);
  }

  private final GatewayChannel channel;
  private final Assignment assignment;
  private final Owner owner;
  private final Backoff backoff = Backoff.ofConnection();
  private final Deque<Runnable> whenIdle = new ArrayDeque<>();

  private long wanted = NONE;
  private long stored = NONE;
  private boolean isOut;

  /** No ack can be stored any more. */
  private boolean isLost;

  Acks(GatewayChannel channel, Assignment assignment, Owner owner) {
    this.channel = channel;
    this.assignment = assignment;
    this.owner = owner;
  }

  void ack(long position) {
    wanted = position;
    send();
  }

  /** The last position that was stored; -1: none. */
  long stored() {
    return stored;
  }

  boolean isLost() {
    return isLost;
  }

  /** Runs this when the newest position is stored, or cannot be. */
  void whenIdle(Runnable task) {
    whenIdle.add(task);
    send();
  }

  /** From now on an ack that fails is not called again. */
  void giveUp() {
    isLost = true;
    send();
  }

  private void send() {
    if (isOut) {
      return;
    }
    if (wanted == stored || isLost) {
      while (!whenIdle.isEmpty()) {
        whenIdle.remove().run();
      }
      return;
    }
    isOut = true;
    new Ack(wanted).start();
  }

  private void onAnswer(long position, Status status) {
    isOut = false;
    if (status.isOk()) {
      stored = position;
      backoff.reset();
      owner.onStored();
    } else if (isPassing(status.getCode()) && !isLost) {
      isOut = true;
      channel.schedule(
          () -> {
            isOut = false;
            send();
          },
          backoff.nextMs());
      return;
    } else {
      isLost = true;
      if (isRefused(status.getCode())) {
        owner.onRefused(status);
      }
    }
    send();
  }

  private static boolean isPassing(Code code) {
    return switch (code) {
      case UNAVAILABLE, RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED, UNKNOWN, UNAUTHENTICATED -> true;
      default -> false;
    };
  }

  private static boolean isRefused(Code code) {
    return switch (code) {
      case PERMISSION_DENIED, INVALID_ARGUMENT, UNIMPLEMENTED -> true;
      default -> false;
    };
  }

  /** One call. */
  private final class Ack extends ClientCall.Listener<Empty> {

    private final long position;

    private Ack(long position) {
      this.position = position;
    }

    // The field is deprecated for clients that act on several gateways.
    @SuppressWarnings("deprecation")
    private void start() {
      var call = channel.call(LiiklusServiceGrpc.getAckMethod(), TIMEOUT_MS);
      call.start(this, new Metadata());
      // One more than comes, so that the end of the call is reported at once.
      call.request(2);
      call.sendMessage(
          AckRequest.newBuilder().setAssignment(assignment).setOffset(position).build());
      call.halfClose();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      onAnswer(position, status);
    }
  }
}
