package io.liiklus.faults.load;

import io.grpc.Status;
import io.liiklus.faults.deployment.Address;
import io.liiklus.faults.journal.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * Publishers that number what they publish: the value is the id, {@code <key>:<number>}, and no id
 * is published twice. Half of them publish record by record, half in batches, in which a key may be
 * twice; its next call comes when the one before was answered. A publisher goes to the next gateway
 * when its own fails. Thread-safe.
 */
public final class Load implements AutoCloseable {

  private static final int PUBLISHERS = 4;
  private static final int KEYS_OF_EACH = 8;

  /** More than there are keys: some of them come twice. */
  private static final int BATCH = 12;

  /** A client's pause before it tries again. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  private static final Duration END_BOUND = Publisher.DEADLINE.plusSeconds(5);

  private final String topic;
  private final List<Address> addresses;
  private final Journal journal;
  private final long intervalNs;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong answered = new AtomicLong();
  private volatile boolean isClosed;

  private Load(String topic, List<Address> addresses, Journal journal, int recordsPerSecond) {
    this.topic = topic;
    this.addresses = addresses;
    this.journal = journal;
    this.intervalNs = Duration.ofSeconds(PUBLISHERS).toNanos() / recordsPerSecond;
  }

  /** Publishes until closed. */
  public static Load start(
      String topic, List<Address> addresses, Journal journal, int recordsPerSecond) {
    var load = new Load(topic, addresses, journal, recordsPerSecond);
    for (int number = 0; number < PUBLISHERS; number++) {
      int publisher = number;
      var thread = new Thread(() -> load.publish(publisher), "publisher-" + publisher);
      thread.setDaemon(true);
      load.threads.add(thread);
      thread.start();
    }
    return load;
  }

  /** Number of records answered OK. */
  public long answered() {
    return answered.get();
  }

  private void publish(int publisher) {
    var numbered = new Publisher(topic, journal);
    int count = publisher % 2 == 0 ? 1 : BATCH;
    int turn = publisher;
    for (long number = 0; !isClosed; turn++) {
      try (var connection = Connection.to(addresses.get(turn % addresses.size()))) {
        boolean isServed = true;
        while (isServed && !isClosed) {
          int ok = publish(numbered, connection, keys(publisher, number, count));
          isServed = ok == count;
          number += count;
          answered.addAndGet(ok);
          LockSupport.parkNanos(isServed ? count * intervalNs : PAUSE.toNanos());
        }
      }
    }
  }

  /** The next keys of a publisher, which takes its own in turn. */
  private static List<String> keys(int publisher, long number, int count) {
    return LongStream.range(number, number + count)
        .mapToObj(each -> "k" + ((long) publisher * KEYS_OF_EACH + each % KEYS_OF_EACH))
        .toList();
  }

  /** Returns how many were answered OK. */
  private static int publish(Publisher numbered, Connection connection, List<String> keys) {
    var answers =
        keys.size() == 1
            ? List.of(numbered.publish(connection, keys.get(0), 0))
            : numbered.publishBatch(connection, keys);
    return (int) answers.stream().filter(Status::isOk).count();
  }

  /** Returns when the last call was answered. */
  @Override
  public void close() {
    isClosed = true;
    Threads.join(threads, END_BOUND);
  }
}
