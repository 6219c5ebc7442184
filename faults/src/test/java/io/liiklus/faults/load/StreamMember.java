package io.liiklus.faults.load;

import com.github.bsideup.liiklus.protocol.ConsumeAck;
import com.github.bsideup.liiklus.protocol.ConsumeRelease;
import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ConsumeRequest;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PartitionAck;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.liiklus.faults.deployment.Address;
import io.liiklus.faults.journal.Event.AckEnded;
import io.liiklus.faults.journal.Event.AckSent;
import io.liiklus.faults.journal.Event.Assigned;
import io.liiklus.faults.journal.Event.ReceiveEnded;
import io.liiklus.faults.journal.Event.ReceiveOpened;
import io.liiklus.faults.journal.Event.Received;
import io.liiklus.faults.journal.Event.SubscribeEnded;
import io.liiklus.faults.journal.Event.Surprise;
import io.liiklus.faults.journal.Journal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Client of one Consume after the other, each on a connection of its own. It acks each reply's
 * records, every other reply one by one and from the last to the first. In the journal each
 * assignment is a Receive. Thread-safe.
 *
 * <p>Threads: one opens the calls; replies come on threads of gRPC, one at a time.
 */
public final class StreamMember implements AutoCloseable {

  private static final Duration END_BOUND = Duration.ofSeconds(20);

  private final String topic;
  private final String name;
  private final Address address;
  private final Group group;
  private final Journal journal;
  private final Thread thread;

  private volatile boolean isClosed;
  private volatile OneCall open;

  /**
   * @param group notes what it receives
   * @param address of a balancer
   */
  public StreamMember(Group group, String name, Address address) {
    this.topic = group.plan().topic();
    this.group = group;
    this.name = name;
    this.address = address;
    this.journal = group.journal();
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!isClosed) {
      try (var connection = Connection.to(address)) {
        var call = new OneCall();
        open = call;
        call.start(connection);
        onEnd(call.ended.join());
      }
      LockSupport.parkNanos(Member.PAUSE.toNanos());
    }
  }

  private void onEnd(Status end) {
    journal.add(
        new SubscribeEnded(journal.nowNs(), group.name(), name, address.gateway(), end.toString()));
    boolean isExpected =
        end.getCode() == Status.Code.UNAVAILABLE || (isClosed && end.getCode() == Status.Code.OK);
    if (!isExpected) {
      surprise("Consume ended " + end);
    }
  }

  private void surprise(String what) {
    journal.add(new Surprise(journal.nowNs(), group.name(), name, what));
  }

  /** Partitions that it has now. */
  public int partitions() {
    var call = open;
    return call == null || call.ended.isDone() ? 0 : call.assignments.size();
  }

  /** Leaves the group. Returns when nothing of this member is under way. */
  @Override
  public void close() {
    isClosed = true;
    var call = open;
    if (call != null) {
      call.finish();
    }
    Threads.join(List.of(thread), END_BOUND);
  }

  /** An assignment as the journal has it. Confined to the replies' thread. */
  private static final class OneAssignment {
    private final long receive;
    private final Queue<AckSent> acks = new ArrayDeque<>();
    private boolean isReversed;

    private OneAssignment(long receive) {
      this.receive = receive;
    }
  }

  /** One call. Replies come one at a time. */
  private final class OneCall implements StreamObserver<ConsumeReply> {
    private final CompletableFuture<Status> ended = new CompletableFuture<>();
    private final Map<Integer, OneAssignment> assignments = new ConcurrentHashMap<>();
    private StreamObserver<ConsumeRequest> requests;

    void start(Connection connection) {
      synchronized (this) {
        requests = LiiklusServiceGrpc.newStub(connection.streams().getChannel()).consume(this);
        var start = ConsumeStart.newBuilder().setTopic(topic).setGroup(group.name());
        requests.onNext(ConsumeRequest.newBuilder().setStart(start).build());
      }
      if (isClosed) {
        finish();
      }
    }

    synchronized void finish() {
      if (requests != null && !ended.isDone()) {
        requests.onCompleted();
        requests = null;
      }
    }

    private synchronized void send(ConsumeRequest.Builder request) {
      if (requests != null) {
        requests.onNext(request.build());
      }
    }

    @Override
    public synchronized void onNext(ConsumeReply reply) {
      switch (reply.getReplyCase()) {
        case ASSIGNED -> reply.getAssigned().getPartitionsList().forEach(this::onAssigned);
        case RECORDS ->
            onRecords(
                reply.getRecords().getPartition(),
                reply.getRecords().getRecords().getRecordsList());
        case ACKED -> reply.getAcked().getPositionsMap().forEach(this::onAcked);
        case REVOKING ->
            send(
                ConsumeRequest.newBuilder()
                    .setRelease(
                        ConsumeRelease.newBuilder()
                            .addAllPartitions(reply.getRevoking().getPartitionsList())));
        case REVOKED -> reply.getRevoked().getPartitionsList().forEach(this::onRevoked);
        default -> surprise("Consume gave " + reply);
      }
    }

    private void onAssigned(int partition) {
      long number = journal.nextNumber();
      long nowNs = journal.nowNs();
      journal.add(new Assigned(nowNs, group.name(), name, address.gateway(), partition));
      journal.add(new ReceiveOpened(nowNs, number, group.name(), name, partition));
      if (assignments.put(partition, new OneAssignment(number)) != null) {
        surprise("partition " + partition + " was assigned twice");
      }
    }

    private void onRecords(int partition, List<ReceiveReply.Record> records) {
      var assignment = assignments.get(partition);
      if (assignment == null) {
        surprise("records of partition %d, which it does not have".formatted(partition));
        return;
      }
      for (var record : records) {
        var id = Publisher.id(record.getValue());
        journal.add(new Received(journal.nowNs(), assignment.receive, record.getOffset(), id));
        group.onReceived(partition, record.getOffset());
      }
      ack(partition, assignment, records);
    }

    private void ack(int partition, OneAssignment assignment, List<ReceiveReply.Record> records) {
      long last = records.get(records.size() - 1).getOffset();
      var sent =
          new AckSent(
              journal.nowNs(),
              journal.nextNumber(),
              group.name(),
              address.gateway(),
              partition,
              last);
      journal.add(sent);
      assignment.acks.add(sent);
      assignment.isReversed = !assignment.isReversed;
      if (!assignment.isReversed) {
        send(ackOf(PartitionAck.newBuilder().setPartition(partition).setUpTo(last)));
        return;
      }
      for (int i = records.size() - 1; i >= 0; i--) {
        send(
            ackOf(
                PartitionAck.newBuilder()
                    .setPartition(partition)
                    .addOffsets(records.get(i).getOffset())));
      }
    }

    private ConsumeRequest.Builder ackOf(PartitionAck.Builder ack) {
      return ConsumeRequest.newBuilder().setAck(ConsumeAck.newBuilder().addPartitions(ack));
    }

    private void onAcked(int partition, long position) {
      var assignment = assignments.get(partition);
      if (assignment == null) {
        surprise("a position of partition %d, which it does not have".formatted(partition));
        return;
      }
      while (!assignment.acks.isEmpty() && assignment.acks.peek().offset() <= position) {
        journal.add(new AckEnded(journal.nowNs(), assignment.acks.remove().ack(), "OK"));
      }
    }

    private void onRevoked(int partition) {
      var gone = assignments.remove(partition);
      if (gone != null) {
        journal.add(new ReceiveEnded(journal.nowNs(), gone.receive, "OK", "revoked"));
      }
    }

    @Override
    public void onError(Throwable failure) {
      end(Answers.of(Status.fromThrowable(failure)));
    }

    @Override
    public void onCompleted() {
      end(Status.OK);
    }

    private synchronized void end(Status status) {
      var code = status.getCode().toString();
      assignments
          .values()
          .forEach(
              gone ->
                  journal.add(
                      new ReceiveEnded(
                          journal.nowNs(),
                          gone.receive,
                          code,
                          String.valueOf(status.getDescription()))));
      requests = null;
      ended.complete(status);
    }
  }
}
