package io.liiklus.faults.load;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishBatchReply;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.PublishResult;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.liiklus.faults.deployment.Address;
import io.liiklus.faults.journal.Event.PublishFailed;
import io.liiklus.faults.journal.Event.Published;
import io.liiklus.faults.journal.Event.Surprise;
import io.liiklus.faults.journal.Journal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Client of one PublishStream after the other, each on a connection of its own, with several
 * batches on their way. It numbers the records of its keys as a {@link Publisher} does, and
 * publishes none again: the outcome of what had no reply is unknown. Thread-safe.
 *
 * <p>Threads: one sends; replies come on threads of gRPC, one at a time.
 */
public final class StreamPublisher implements AutoCloseable {

  private static final int KEYS = 8;
  private static final int BATCH = 12;
  private static final int MOST_ON_THEIR_WAY = 4;
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final Duration END_BOUND = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(100);

  private record Numbered(String key, String id) {}

  private final String topic;
  private final String name;
  private final Address address;
  private final Journal journal;
  private final Map<String, Long> numbers = new HashMap<>();
  private final AtomicLong answered = new AtomicLong();
  private final Thread thread;
  private int turn;

  private volatile boolean isClosed;

  /**
   * @param name of its keys, too
   * @param address of a balancer
   */
  public StreamPublisher(String topic, String name, Address address, Journal journal) {
    this.topic = topic;
    this.name = name;
    this.address = address;
    this.journal = journal;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Number of records answered OK. */
  public long answered() {
    return answered.get();
  }

  private void run() {
    while (!isClosed) {
      try (var connection = Connection.to(address)) {
        new OneStream().run(connection);
      }
      LockSupport.parkNanos(Member.PAUSE.toNanos());
    }
  }

  /** The next records; a key may be there twice. */
  private List<Numbered> nextBatch() {
    var batch = new ArrayList<Numbered>();
    for (int i = 0; i < BATCH; i++) {
      var key = name + "-" + turn++ % KEYS;
      batch.add(new Numbered(key, key + ":" + numbers.merge(key, 1L, Long::sum)));
    }
    return batch;
  }

  private PublishRequest request(Numbered record) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setKey(ByteString.copyFromUtf8(record.key()))
        .setValue(ByteString.copyFromUtf8(record.id()))
        .build();
  }

  private void onResult(Numbered record, PublishResult result) {
    if (result.hasReply()) {
      answered.incrementAndGet();
      journal.add(
          new Published(
              journal.nowNs(),
              record.key(),
              record.id(),
              result.getReply().getPartition(),
              result.getReply().getOffset()));
    } else {
      onFailed(
          record,
          Status.fromCodeValue(result.getError().getCode())
              .withDescription(result.getError().getMessage()));
    }
  }

  private void onFailed(Numbered record, Status status) {
    journal.add(new PublishFailed(journal.nowNs(), record.id(), status.toString()));
    if (status.getCode() != Status.Code.UNAVAILABLE && !status.isOk()) {
      surprise(record.id() + " ended " + status);
    }
  }

  private void surprise(String what) {
    journal.add(new Surprise(journal.nowNs(), topic, name, what));
  }

  /** Returns when the last stream has ended. */
  @Override
  public void close() {
    isClosed = true;
    Threads.join(List.of(thread), END_BOUND);
  }

  /** One stream. Replies come one at a time. */
  private final class OneStream implements StreamObserver<PublishBatchReply> {
    private final Queue<List<Numbered>> onTheirWay = new ArrayDeque<>();
    private final Semaphore room = new Semaphore(MOST_ON_THEIR_WAY);
    private final CompletableFuture<Status> ended = new CompletableFuture<>();

    void run(Connection connection) {
      var requests =
          LiiklusServiceGrpc.newStub(connection.streams().getChannel()).publishStream(this);
      while (!isClosed && !ended.isDone()) {
        if (tryAcquire()) {
          send(requests);
          LockSupport.parkNanos(INTERVAL.toNanos());
        }
      }
      if (isClosed && !ended.isDone()) {
        requests.onCompleted();
      }
      var end = ended.join();
      synchronized (onTheirWay) {
        onTheirWay.forEach(batch -> batch.forEach(record -> onFailed(record, end)));
      }
      boolean isExpected = end.getCode() == Status.Code.UNAVAILABLE || (isClosed && end.isOk());
      if (!isExpected) {
        surprise("PublishStream ended " + end);
      }
    }

    private boolean tryAcquire() {
      try {
        return room.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }

    private void send(StreamObserver<PublishBatchRequest> requests) {
      var batch = nextBatch();
      var request = PublishBatchRequest.newBuilder();
      batch.forEach(record -> request.addRequests(request(record)));
      synchronized (onTheirWay) {
        onTheirWay.add(batch);
      }
      requests.onNext(request.build());
    }

    @Override
    public void onNext(PublishBatchReply reply) {
      List<Numbered> batch;
      synchronized (onTheirWay) {
        batch = onTheirWay.remove();
      }
      if (batch.size() == reply.getResultsCount()) {
        for (int i = 0; i < batch.size(); i++) {
          onResult(batch.get(i), reply.getResults(i));
        }
      } else {
        surprise("%d results for %d records".formatted(reply.getResultsCount(), batch.size()));
      }
      room.release();
    }

    @Override
    public void onError(Throwable failure) {
      ended.complete(Answers.of(Status.fromThrowable(failure)));
    }

    @Override
    public void onCompleted() {
      ended.complete(Status.OK);
    }
  }
}
