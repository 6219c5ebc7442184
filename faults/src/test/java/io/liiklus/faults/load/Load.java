package io.liiklus.faults.load;

import io.liiklus.faults.deployment.Address;
import io.liiklus.faults.journal.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishers that number what they publish: the value is the id, {@code <key>:<number>}, and no id
 * is published twice. A key's next record is published when the one before was answered. A
 * publisher goes to the next gateway when its own fails. Thread-safe.
 */
public final class Load implements AutoCloseable {

  private static final int PUBLISHERS = 4;
  private static final int KEYS_OF_EACH = 8;

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

  /** How many records were answered OK. */
  public long answered() {
    return answered.get();
  }

  private void publish(int publisher) {
    var numbered = new Publisher(topic, journal);
    int turn = publisher;
    for (long number = 0; !isClosed; turn++) {
      try (var connection = Connection.to(addresses.get(turn % addresses.size()))) {
        boolean isServed = true;
        while (isServed && !isClosed) {
          var key = "k" + ((long) publisher * KEYS_OF_EACH + number % KEYS_OF_EACH);
          isServed = numbered.publish(connection, key, 0).isOk();
          number++;
          if (isServed) {
            answered.incrementAndGet();
          }
          LockSupport.parkNanos(isServed ? intervalNs : PAUSE.toNanos());
        }
      }
    }
  }

  /** Returns when the last Publish was answered. */
  @Override
  public void close() {
    isClosed = true;
    Threads.join(threads, END_BOUND);
  }
}
