package io.liiklus.faults.load;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.faults.journal.Event.ReceiveEnded;
import io.liiklus.faults.journal.Event.ReceiveOpened;
import io.liiklus.faults.journal.Event.Received;
import io.liiklus.faults.journal.Journal;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * One assignment of a member: Receive, repeated where it ends as UNAVAILABLE, until the partition
 * or the subscription is gone. Thread-safe.
 */
final class Reading {

  private final Member member;
  private final Journal journal;
  private final Connection connection;
  private final Assignment assignment;
  private final AckQueue acks;
  private final Thread thread;

  // Guarded by this.
  private CancellableContext call;

  private volatile boolean isEnded;

  Reading(Member member, Connection connection, Assignment assignment) {
    this.member = member;
    this.journal = member.group().journal();
    this.connection = connection;
    this.assignment = assignment;
    this.acks = new AckQueue(member, connection, assignment.getPartition(), () -> isEnded);
    this.thread = new Thread(this::run, member.name() + "-p" + assignment.getPartition());
    thread.setDaemon(true);
  }

  Thread thread() {
    return thread;
  }

  int partition() {
    return assignment.getPartition();
  }

  boolean isOpen() {
    return thread.isAlive() && !isEnded;
  }

  /** Ends the Receive that is open; it is called again. */
  void cancel() {
    CancellableContext opened;
    synchronized (this) {
      opened = call;
    }
    if (opened != null) {
      opened.cancel(null);
    }
  }

  /** The subscription is gone. */
  void end() {
    isEnded = true;
    cancel();
    thread.interrupt();
  }

  private void run() {
    boolean isGoing = true;
    while (isGoing && !isEnded) {
      isGoing = receive();
    }
    isEnded = true;
    acks.finish();
  }

  /** Whether to call again. */
  private boolean receive() {
    long number = journal.nextNumber();
    var opened = Context.ROOT.withCancellation();
    synchronized (this) {
      call = opened;
    }
    journal.add(
        new ReceiveOpened(
            journal.nowNs(), number, member.group().name(), member.name(), partition()));
    Status end;
    try {
      opened.run(() -> readAll(number));
      end = Status.OK;
    } catch (StatusRuntimeException failed) {
      end = Answers.of(failed.getStatus());
    } finally {
      opened.close();
    }
    journal.add(
        new ReceiveEnded(
            journal.nowNs(),
            number,
            end.getCode().toString(),
            String.valueOf(end.getDescription())));
    return goesOn(end);
  }

  private boolean goesOn(Status end) {
    switch (end.getCode()) {
      case OK, FAILED_PRECONDITION -> {
        return false;
      }
      case CANCELLED -> {
        return true;
      }
      case UNAVAILABLE -> {
        LockSupport.parkNanos(Member.PAUSE.toNanos());
        return true;
      }
      default -> {
        member.surprise("Receive ended " + end + " on partition " + partition());
        return false;
      }
    }
  }

  private void readAll(long number) {
    var request =
        ReceiveRequest.newBuilder()
            .setAssignment(assignment)
            .setMaxBatchRecords(member.pace().batch())
            .build();
    var replies = connection.streams().receive(request);
    try {
      member.group().pass(partition());
      while (replies.hasNext()) {
        read(number, records(replies.next()));
        member.group().pass(partition());
      }
    } catch (InterruptedException ended) {
      // The subscription is gone.
      throw Status.CANCELLED.asRuntimeException();
    }
  }

  private static String id(ReceiveReply.Record record) {
    return record.getTombstone() ? LogReader.TOMBSTONE : Publisher.id(record.getValue());
  }

  private List<ReceiveReply.Record> records(ReceiveReply reply) {
    return switch (reply.getReplyCase()) {
      case RECORD -> List.of(reply.getRecord());
      case RECORD_BATCH -> reply.getRecordBatch().getRecordsList();
      default -> {
        member.surprise("Receive gave " + reply.getReplyCase());
        yield List.of();
      }
    };
  }

  private void read(long number, List<ReceiveReply.Record> records) throws InterruptedException {
    for (var record : records) {
      journal.add(new Received(journal.nowNs(), number, record.getOffset(), id(record)));
      member.group().onReceived(partition(), record.getOffset());
    }
    for (var record : records) {
      LockSupport.parkNanos(member.pace().processing().toNanos());
      acks.ack(record.getOffset());
    }
  }
}
