package io.liiklus.server.grpc.consume;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.StorageException;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.status.RefusedOperation;
import io.liiklus.server.grpc.pump.PumpContext;
import io.liiklus.server.quota.PrincipalQuota;
import io.liiklus.server.security.Principal;
import io.liiklus.server.session.PartitionRanges;
import io.liiklus.server.session.Session;
import io.liiklus.server.session.SessionObserver;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Consume from its first request on: the session, and the partitions that it is assigned.
 * Confined to the call's event loop, but for the notifications of the session, which go there.
 */
public final class Consumption implements SessionObserver {

  private static final Logger log = LoggerFactory.getLogger(Consumption.class);

  /** The call. */
  public interface Client {
    boolean isReady();

    void send(EncodedReply reply);

    Principal principal();

    /** Ends the call. */
    void fail(Throwable failure);

    /** All that was to be done before the end of a draining gateway is done. */
    void onDrained();
  }

  private final ConsumeContext context;
  private final ConsumeTerms terms;
  private final EventLoop loop;
  private final Client client;
  private final PrincipalQuota quota;
  private final ConsumedPartitions partitions;
  private final ConsumeRequests requests;
  private final ReplyStream replies;

  private Session session;

  private boolean isDraining;
  private boolean isEnding;

  public Consumption(
      ConsumeContext context,
      ConsumeTerms terms,
      EventLoop loop,
      Client client,
      PrincipalQuota quota) {
    this.context = context;
    this.terms = terms;
    this.loop = loop;
    this.client = client;
    this.quota = quota;
    this.partitions = new ConsumedPartitions(this);
    this.requests = new ConsumeRequests(terms, partitions);
    this.replies =
        new ReplyStream(loop, context.options(), client, this::logAssigned, partitions::pump);
  }

  private void logAssigned(List<Integer> assigned) {
    log.info(
        "assigned, topic={} group={} version={} partitions={} session={}",
        terms.topic(),
        terms.group().name(),
        terms.group().version(),
        PartitionRanges.text(assigned),
        session.id());
  }

  /** Takes the client's requests behind the first. */
  public ConsumeRequests requests() {
    return requests;
  }

  /** Joins the group. */
  public void open() {
    session = context.sessions().open(terms.topic(), terms.group(), terms.reset(), this);
    replies.begin();
  }

  ConsumeContext context() {
    return context;
  }

  ConsumeTerms terms() {
    return terms;
  }

  EventLoop loop() {
    return loop;
  }

  PumpContext pumpContext() {
    return context.pumps().get(loop);
  }

  PrincipalQuota quota() {
    return quota;
  }

  ReplyStream replies() {
    return replies;
  }

  boolean isEnding() {
    return isEnding;
  }

  /** Something is out, and will be looked after. */
  void onUnacked() {
    partitions.onUnacked();
  }

  void fail(Throwable failure) {
    client.fail(RefusedOperation.receive(failure, terms.topic(), terms.group()));
  }

  void refused(StorageException failure) {
    client.fail(RefusedOperation.ack(failure, terms.topic(), terms.group()));
  }

  /** Any thread. */
  void execute(Runnable task) {
    loop.execute(task);
  }

  /** Any thread: as {@link #execute}, of a task that is not needed once the loop has ended. */
  void executeIfOpen(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException ended) {
      // So is the call.
    }
  }

  @Override
  public Principal owner() {
    return client.principal();
  }

  @Override
  public void onAssigned(int partition) {
    loop.execute(() -> assign(partition));
  }

  @Override
  public void onFailed(StorageException failure) {
    loop.execute(
        () -> client.fail(RefusedOperation.subscribe(failure, terms.topic(), terms.group())));
  }

  private void assign(int number) {
    if (isEnding || isDraining || session == null) {
      return;
    }
    var assignment = session.assignment(number);
    var former = partitions.get(number);
    if (former != null && former.assignment() != assignment) {
      former.lose();
    } else if (former != null) {
      return;
    }
    if (assignment == null) {
      return;
    }
    var partition = new ConsumedPartition(this, number, assignment);
    if (!assignment.beginReceive(partition)) {
      partition.close();
      return;
    }
    partitions.add(partition);
    replies.assigned(number);
    var unused =
        session
            .start(assignment, partition, OptionalLong.empty(), partition::isWanted)
            .whenCompleteAsync(partition::onStart, loop);
  }

  void onOver(ConsumedPartition partition, boolean isLost) {
    partitions.remove(partition);
    if (!isDraining) {
      replies.revoked(partition.number(), isLost);
    } else if (partitions.isEmpty()) {
      drained();
    }
  }

  /** The transport takes more. */
  public void onReady() {
    replies.takeTurn();
  }

  /** Has all partitions revoked at once; then the client is notified. */
  public void drain() {
    if (isDraining || isEnding) {
      return;
    }
    isDraining = true;
    partitions.all().forEach(ConsumedPartition::revoke);
    if (partitions.isEmpty()) {
      drained();
    }
  }

  private void drained() {
    if (!isEnding) {
      replies.flushLast();
      client.onDrained();
    }
  }

  /**
   * Sends nothing more, stores what is acked and leaves the group.
   *
   * @return completes on the loop when all is done; fails where positions cannot be stored
   */
  public CompletableFuture<Void> close() {
    if (isEnding) {
      return CompletableFuture.completedFuture(null);
    }
    isEnding = true;
    replies.end();
    var flushes = partitions.all().stream().map(ConsumedPartition::flush).toList();
    partitions.all().forEach(ConsumedPartition::close);
    partitions.clear();
    var stored = CompletableFuture.allOf(flushes.toArray(CompletableFuture[]::new));
    CompletionStage<Void> left =
        session == null
            ? CompletableFuture.completedStage(null)
            : context.sessions().close(session);
    var closed = new CompletableFuture<Void>();
    var unused =
        CompletableFuture.allOf(stored, left.toCompletableFuture().exceptionally(failure -> null))
            .whenComplete((none, failure) -> complete(closed, failure));
    return closed;
  }

  private void complete(CompletableFuture<Void> closed, Throwable failure) {
    try {
      loop.execute(
          () -> {
            if (failure == null) {
              closed.complete(null);
            } else {
              closed.completeExceptionally(
                  RefusedOperation.ack(failure, terms.topic(), terms.group()));
            }
          });
    } catch (RejectedExecutionException ended) {
      closed.complete(null);
    }
  }
}
