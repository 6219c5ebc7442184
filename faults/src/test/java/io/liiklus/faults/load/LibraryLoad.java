package io.liiklus.faults.load;

import io.grpc.Status;
import io.liiklus.client.ClientListener;
import io.liiklus.client.LiiklusClient;
import io.liiklus.client.PublishException;
import io.liiklus.client.PublisherOptions;
import io.liiklus.client.ReceivedRecord;
import io.liiklus.faults.deployment.Address;
import io.liiklus.faults.journal.Event.AckEnded;
import io.liiklus.faults.journal.Event.AckSent;
import io.liiklus.faults.journal.Event.PublishFailed;
import io.liiklus.faults.journal.Event.Published;
import io.liiklus.faults.journal.Event.ReceiveOpened;
import io.liiklus.faults.journal.Event.Received;
import io.liiklus.faults.journal.Event.Surprise;
import io.liiklus.faults.journal.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Publisher and members of one group by the client library, over PublishStream and Consume. Each
 * member prefers a gateway of its own, and knows them all. Thread-safe.
 *
 * <p>In the journal an assignment of a partition is a Receive, and a record that was handled is an
 * Ack, whose answer is the position that the gateway reports.
 */
public final class LibraryLoad implements AutoCloseable {

  private static final String GATEWAY = "library";
  private static final int KEYS = 4;
  private static final Duration INTERVAL = Duration.ofMillis(50);

  /** After so long a silent gateway is taken for gone, as one that is stopped. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private static final Duration END_BOUND = Duration.ofSeconds(70);

  private final Group group;
  private final Journal journal;
  private final List<LiiklusClient> clients = new ArrayList<>();
  private final Thread thread;

  /** One thread, so that the answers of a key are written in their order. */
  private final ExecutorService answers = Executors.newSingleThreadExecutor();

  private volatile boolean isClosed;

  private LibraryLoad(Group group, List<Address> addresses) {
    this.group = group;
    this.journal = group.journal();
    for (int i = 0; i < addresses.size(); i++) {
      var order = new ArrayList<String>();
      for (int j = 0; j < addresses.size(); j++) {
        order.add("127.0.0.1:" + addresses.get((i + j) % addresses.size()).port());
      }
      var member = new LibraryMember(group.name() + "-" + i);
      var client =
          LiiklusClient.builder(order.toArray(String[]::new))
              .keepAlive(SILENCE)
              .listener(member)
              .connect();
      clients.add(client);
      var unused = client.consumer(group.plan().topic(), group.name()).handle(member::handle);
    }
    this.thread = new Thread(this::publish, "publisher-" + GATEWAY);
    thread.setDaemon(true);
  }

  /**
   * Publishes and consumes until closed.
   *
   * @param group without members of another kind
   */
  public static LibraryLoad start(Group group, List<Address> addresses) {
    var load = new LibraryLoad(group, addresses);
    load.thread.start();
    return load;
  }

  private void publish() {
    var options = PublisherOptions.DEFAULTS.withCallbacks(answers);
    try (var publisher = clients.get(0).publisher(options)) {
      for (long number = 0; !isClosed; number++) {
        var key = "l" + number % KEYS;
        var id = key + ":" + number;
        var unused =
            publisher
                .publish(group.plan().topic(), key, id)
                .whenComplete(
                    (stored, failure) ->
                        journal.add(
                            failure == null
                                ? new Published(
                                    journal.nowNs(),
                                    key,
                                    id,
                                    stored.getPartition(),
                                    stored.getOffset())
                                : failed(id, (PublishException) failure)));
        LockSupport.parkNanos(INTERVAL.toNanos());
      }
    }
  }

  private PublishFailed failed(String id, PublishException failure) {
    // What is surely not stored is sent again, for longer than any of the faults lasts.
    if (failure.isNotStored()) {
      journal.add(new Surprise(journal.nowNs(), group.name(), id, "gave up: " + failure));
    }
    return new PublishFailed(journal.nowNs(), id, failure.status().toString());
  }

  /** Returns when the members have left and all publishes are answered. */
  @Override
  public void close() {
    isClosed = true;
    Threads.join(List.of(thread), END_BOUND);
    clients.forEach(LiiklusClient::close);
    answers.shutdown();
  }

  /** One consumer, as it reports itself. Thread-safe. */
  private final class LibraryMember implements ClientListener {

    private final String name;

    /** Numbers of the assignments of partitions. */
    private final Map<Integer, Long> receives = new ConcurrentHashMap<>();

    /** Numbers of acks without an answer, by partition and offset. */
    private final Map<Integer, TreeMap<Long, Long>> acks = new ConcurrentHashMap<>();

    private LibraryMember(String name) {
      this.name = name;
    }

    @Override
    public void onAssigned(String topic, int partition) {
      long number = journal.nextNumber();
      receives.put(partition, number);
      journal.add(new ReceiveOpened(journal.nowNs(), number, group.name(), name, partition));
    }

    private void handle(ReceivedRecord record) {
      int partition = record.partition();
      long offset = record.offset();
      journal.add(
          new Received(
              journal.nowNs(), receives.get(partition), offset, Publisher.id(record.value())));
      group.onReceived(partition, offset);
      long number = journal.nextNumber();
      var pending = acks.computeIfAbsent(partition, none -> new TreeMap<>());
      synchronized (pending) {
        pending.put(offset, number);
      }
      journal.add(new AckSent(journal.nowNs(), number, group.name(), GATEWAY, partition, offset));
    }

    @Override
    public void onAcked(String topic, int partition, long offset) {
      var pending = acks.getOrDefault(partition, new TreeMap<>());
      synchronized (pending) {
        var stored = pending.headMap(offset, true);
        stored.values().forEach(number -> journal.add(new AckEnded(journal.nowNs(), number, "OK")));
        stored.clear();
      }
    }

    @Override
    public void onUnreadable(String topic, int partition, long offset, Status reason) {
      surprise("offset " + offset + " of partition " + partition + " is unreadable: " + reason);
    }

    @Override
    public void onHandlerFailed(String topic, int partition, long offset, Throwable failure) {
      surprise("the handler failed: " + failure);
    }

    private void surprise(String what) {
      journal.add(new Surprise(journal.nowNs(), group.name(), name, what));
    }
  }
}
