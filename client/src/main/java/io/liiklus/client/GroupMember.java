package io.liiklus.client;

import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Member of a group: keeps a session open, and has a {@link PartitionRun} for each partition that
 * it was given. Confined to the loop.
 */
final class GroupMember {

  private static final Logger log = LoggerFactory.getLogger(GroupMember.class);

  private static final long WARN_NS = TimeUnit.MINUTES.toNanos(1);

  private final ConsumerBuilder options;
  private final GatewayChannel channel;
  private final Executor handlers;
  private final DeadLetters deadLetters;
  private final ClientListener listener;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Backoff backoff = Backoff.ofConnection();
  private final Map<Integer, PartitionRun> runs = new HashMap<>();

  /** Partitions that were assigned again while the run before is not finished. */
  private final Map<Integer, PartitionLink> next = new HashMap<>();

  /** Null while none is open. */
  private Session session;

  private boolean hasConsume;

  /** Of the channel, as the session began. */
  private int turn;

  /** How it ends, once it does. */
  private Status end;

  private long lastWarningNs;
  private boolean hasWarned;

  GroupMember(
      ConsumerBuilder options,
      GatewayChannel channel,
      Executor handlers,
      Publisher deadLetters,
      ClientListener listener) {
    this.options = options;
    this.channel = channel;
    this.handlers = handlers;
    this.listener = listener;
    // A Consume stops at its window where nothing is acknowledged.
    this.hasConsume = !options.isWithoutAcks();
    var group = options.subscription().getGroup();
    this.deadLetters =
        deadLetters == null
            ? null
            : new DeadLetters(deadLetters, options.retry().deadLetterTopic(), group);
  }

  ConsumerBuilder options() {
    return options;
  }

  GatewayChannel channel() {
    return channel;
  }

  Executor handlers() {
    return handlers;
  }

  DeadLetters deadLetters() {
    return deadLetters;
  }

  /** Completes when nothing is handled any more; with a failure where the gateway refuses it. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  void join() {
    if (end == null) {
      channel.forgetBackoff();
      turn = channel.turn();
      session = hasConsume ? ConsumeSession.open(this) : SubscribeSession.open(this);
    }
  }

  void onJoined(Session of) {
    if (of == session && end == null) {
      listener.onConnected(call());
    }
  }

  private String call() {
    return hasConsume ? "Consume" : "Subscribe";
  }

  void onAssigned(Session of, PartitionLink link) {
    if (of != session || end != null) {
      return;
    }
    backoff.reset();
    var before = runs.get(link.partition());
    if (before != null) {
      // Records of both would mix, and a late ack take the position back.
      next.put(link.partition(), link);
      before.stop();
    } else {
      begin(link);
    }
  }

  private void begin(PartitionLink link) {
    var run = new PartitionRun(this, link);
    runs.put(link.partition(), run);
    listener.onAssigned(topic(), link.partition());
    run.start();
  }

  void onFinished(PartitionRun run) {
    if (runs.remove(run.partition(), run)) {
      listener.onRevoked(topic(), run.partition());
    }
    var link = next.remove(run.partition());
    if (link != null && end == null) {
      begin(link);
    }
    endIfFinished();
  }

  void onSessionEnded(Session ended, Status status) {
    if (ended != session) {
      return;
    }
    session = null;
    next.clear();
    List.copyOf(runs.values()).forEach(PartitionRun::lose);
    if (end != null) {
      if (end.isOk() && !status.isOk()) {
        // By it the gateway says whether the last acks are stored.
        end = status;
      }
      endIfFinished();
      return;
    }
    if (status.getCode() == Status.Code.UNIMPLEMENTED && hasConsume) {
      log.info("the gateway has no Consume; Subscribe, Receive and Ack are used, {}", this);
      hasConsume = false;
      join();
      return;
    }
    if (isFinal(status)) {
      fail(status);
      return;
    }
    listener.onDisconnected(call(), status);
    channel.leave(turn);
    log.debug("the group was left and is joined again, {} status={}", this, status);
    channel.schedule(this::join, backoff.nextMs());
  }

  private boolean isFinal(Status status) {
    return switch (status.getCode()) {
      case UNAUTHENTICATED -> !channel.hasToken();
      case INVALID_ARGUMENT, PERMISSION_DENIED, NOT_FOUND, UNIMPLEMENTED, FAILED_PRECONDITION ->
          true;
      default -> false;
    };
  }

  /** Ends for good, as the gateway refuses what is asked for. */
  void fail(Status status) {
    if (end == null) {
      log.error("consuming has ended, as the gateway refuses it, {} status={}", this, status);
      close(status);
    }
  }

  /** Ends when what handlers have is done with, and acknowledged. */
  void close(Status status) {
    if (end != null) {
      return;
    }
    end = status;
    next.clear();
    List.copyOf(runs.values()).forEach(PartitionRun::stop);
    endIfFinished();
  }

  private void endIfFinished() {
    if (end == null || !runs.isEmpty() || ended.isDone()) {
      return;
    }
    if (session != null) {
      // The group is left, once all is acknowledged.
      session.close();
      if (session.isEndAwaited()) {
        return;
      }
      session = null;
    }
    if (end.isOk()) {
      ended.complete(null);
    } else {
      ended.completeExceptionally(end.asRuntimeException());
    }
  }

  /** Ends at once, whatever the handlers do. */
  void abandon(Status status) {
    if (ended.isDone()) {
      return;
    }
    end = status;
    ended.completeExceptionally(status.asRuntimeException());
    next.clear();
    List.copyOf(runs.values()).forEach(PartitionRun::lose);
    if (session != null) {
      session.abandon();
      session = null;
    }
  }

  void onReceived(int partition, int records) {
    listener.onReceived(topic(), partition, records);
  }

  void onHandled(int partition, int records) {
    listener.onHandled(topic(), partition, records);
  }

  void onAcked(int partition, long offset) {
    listener.onAcked(topic(), partition, offset);
  }

  void onDeadLetter(int partition, long offset) {
    listener.onDeadLetter(topic(), partition, offset);
  }

  void onUnreadable(int partition, long offset, Status reason) {
    listener.onUnreadable(topic(), partition, offset, reason);
  }

  void onHandlerFailed(ReceivedRecord record, Throwable failure) {
    listener.onHandlerFailed(topic(), record.partition(), record.offset(), failure);
    long nowNs = System.nanoTime();
    if (!hasWarned || nowNs - lastWarningNs > WARN_NS) {
      hasWarned = true;
      lastWarningNs = nowNs;
      log.warn(
          "a handler failed, {} partition={} offset={} attempt={} (logged once a minute)",
          this,
          record.partition(),
          record.offset(),
          record.attempt(),
          failure);
    }
  }

  private String topic() {
    return options.subscription().getTopic();
  }

  @Override
  public String toString() {
    var subscription = options.subscription();
    return "topic=%s group=%s version=%d"
        .formatted(
            subscription.getTopic(), subscription.getGroup(), subscription.getGroupVersion());
  }
}
