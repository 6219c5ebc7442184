package io.liiklus.faults.load;

import com.github.bsideup.liiklus.protocol.Assignment;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.faults.journal.Event.Assigned;
import io.liiklus.faults.journal.Event.SubscribeEnded;
import io.liiklus.faults.journal.Event.Surprise;
import io.liiklus.faults.journal.Journal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Client that follows the README's algorithm: one Subscribe, a {@link Reading} for each assignment,
 * and from the start with the next gateway when Subscribe ends as UNAVAILABLE. Thread-safe.
 *
 * <p>Threads: one subscribes, and for each assignment one receives.
 */
public final class Member implements AutoCloseable {

  /** A client's pause before it tries again. */
  static final Duration PAUSE = Duration.ofMillis(250);

  /** No longer than the deadlines of the acks under way. */
  private static final Duration END_BOUND = Duration.ofSeconds(20);

  private final Group group;
  private final Journal journal;
  private final String name;
  private final Pace pace;
  private final int firstGateway;
  private final Thread thread;
  private final List<Reading> readings = new CopyOnWriteArrayList<>();

  // Guarded by this.
  private CancellableContext subscription;

  private volatile boolean isClosed;

  Member(Group group, String name, Pace pace, int firstGateway) {
    this.group = group;
    this.journal = group.journal();
    this.name = name;
    this.pace = pace;
    this.firstGateway = firstGateway;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Ends every open Receive; the member calls it again at once. */
  public void cancelReceives() {
    readings.forEach(Reading::cancel);
  }

  /** The partitions whose records this member receives now. */
  public List<Integer> partitions() {
    return readings.stream().filter(Reading::isOpen).map(Reading::partition).toList();
  }

  Group group() {
    return group;
  }

  String name() {
    return name;
  }

  Pace pace() {
    return pace;
  }

  private void run() {
    var addresses = group.addresses();
    for (int turn = firstGateway; !isClosed; turn++) {
      try (var connection = Connection.to(addresses.get(turn % addresses.size()))) {
        subscribe(connection);
      }
      if (!isClosed) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void subscribe(Connection connection) {
    var opened = Context.ROOT.withCancellation();
    synchronized (this) {
      if (isClosed) {
        return;
      }
      subscription = opened;
    }
    Status end;
    try {
      opened.run(
          () ->
              connection
                  .streams()
                  .subscribe(group.plan().request())
                  .forEachRemaining(reply -> onAssigned(connection, reply.getAssignment())));
      end = Status.OK;
    } catch (StatusRuntimeException failed) {
      end = Answers.of(failed.getStatus());
    }
    journal.add(
        new SubscribeEnded(
            journal.nowNs(), group.name(), name, connection.gateway(), end.toString()));
    boolean isExpected = isClosed || end.getCode() == Status.Code.UNAVAILABLE;
    if (!isExpected) {
      surprise("Subscribe ended " + end);
    }
    readings.forEach(Reading::end);
    Threads.join(readings.stream().map(Reading::thread).toList(), END_BOUND);
    readings.clear();
    opened.close();
  }

  private void onAssigned(Connection connection, Assignment assignment) {
    journal.add(
        new Assigned(
            journal.nowNs(), group.name(), name, connection.gateway(), assignment.getPartition()));
    readings.removeIf(reading -> !reading.thread().isAlive());
    var reading = new Reading(this, connection, assignment);
    readings.add(reading);
    reading.thread().start();
  }

  void surprise(String what) {
    journal.add(new Surprise(journal.nowNs(), group.name(), name, what));
  }

  /** Begins to leave. */
  void cancel() {
    CancellableContext opened;
    synchronized (this) {
      isClosed = true;
      opened = subscription;
    }
    if (opened != null) {
      opened.cancel(null);
    }
  }

  /** Leaves the group. Returns when nothing of this member is under way. */
  @Override
  public void close() {
    cancel();
    Threads.join(List.of(thread), END_BOUND);
  }
}
