package io.liiklus.storage.pulsar;

import io.liiklus.api.Metric;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.storage.fault.MachineFaults;
import io.liiklus.storage.group.LogPartition;
import io.liiklus.storage.group.RecordLogs;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.LogReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Partitions of Pulsar's topics as logs. Thread-safe. */
final class PulsarLogs implements RecordLogs {

  private static final Logger log = LoggerFactory.getLogger(PulsarLogs.class);
  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  private final PulsarConnection pulsar;
  private final PulsarOffsets offsets;
  private final ScheduledThreadPoolExecutor timer;
  private final LogProbes probes;
  private final PulsarPublisher publisher;
  private final PulsarAdmin admin;
  private final AtomicLong notServedNs = new AtomicLong(System.nanoTime() - LOG_NS);

  private PulsarLogs(PulsarConnection pulsar) {
    var settings = pulsar.settings();
    this.pulsar = pulsar;
    this.offsets = new PulsarOffsets(settings.isOfEntries());
    this.timer = new ScheduledThreadPoolExecutor(1, PulsarLogs::timerThread);
    this.timer.setRemoveOnCancelPolicy(true);
    this.probes = new LogProbes(pulsar, offsets, timer);
    this.publisher = new PulsarPublisher(pulsar, offsets, timer);
    this.admin = new PulsarAdmin(settings);
  }

  /** Opens the client and starts the thread. Nothing is asked of a broker. */
  static PulsarLogs open(PulsarSettings settings) {
    return new PulsarLogs(PulsarConnection.open(settings));
  }

  private static Thread timerThread(Runnable task) {
    var thread = new Thread(task, "liiklus-pulsar-timer");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public String name() {
    return "pulsar";
  }

  @Override
  public boolean isCountable() {
    return false;
  }

  @Override
  public long canonical(long offset) {
    return offsets.canonical(offset);
  }

  @Override
  public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    return publisher.publish(record, patience);
  }

  @Override
  public void onRoom(Runnable listener) {
    publisher.onRoom(listener);
  }

  @Override
  public CompletionStage<Void> createTopic(String topic, int partitions) {
    return partitions(topic)
        .thenCompose(
            found ->
                found.isEmpty()
                    ? admin.createTopic(topic, partitions)
                    : CompletableFuture.completedStage(null));
  }

  @Override
  public CompletionStage<Set<String>> topics() {
    return pulsar.topics();
  }

  @Override
  public CompletionStage<List<LogPartition>> partitions(String topic) {
    try {
      PulsarConnection.requireName(topic);
    } catch (StorageException refused) {
      return CompletableFuture.failedStage(refused);
    }
    return pulsar
        .partitions(topic)
        .thenApply(
            found -> {
              if (!found.isEmpty()) {
                admin.checkRetention(topic);
              }
              return IntStream.range(0, found.size())
                  .mapToObj(number -> new LogPartition(number, Set.of()))
                  .toList();
            });
  }

  @Override
  public CompletionStage<Map<Integer, OffsetRange>> ranges(String topic, Set<Integer> partitions) {
    var ranges = new ConcurrentHashMap<Integer, OffsetRange>();
    var asked = new ArrayList<CompletableFuture<?>>();
    for (int partition : partitions) {
      asked.add(
          pulsar
              .partition(topic, partition)
              .thenCompose(probes::range)
              .thenAccept(range -> ranges.put(partition, range))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> ranges);
  }

  @Override
  public LogReader openAtTail() {
    return new PulsarLogReader(this, true);
  }

  @Override
  public LogReader openBehind() {
    return new PulsarLogReader(this, false);
  }

  @Override
  public void onFault(Throwable fault) {
    if (MachineFaults.isOne(fault)) {
      pulsar.faults().onMachine(fault);
    } else {
      log.error("reading from Pulsar failed by a fault of the gateway", fault);
    }
  }

  /** A partition at whose end groups are cannot be read now; it is tried again. */
  void onNotServed(LogId id, StorageException reason) {
    long lastNs = notServedNs.get();
    long nowNs = System.nanoTime();
    if (nowNs - lastNs >= LOG_NS && notServedNs.compareAndSet(lastNs, nowNs)) {
      log.warn(
          "a partition cannot be read, trying on, topic={} partition={} reason={}"
              + " (logged once a minute)",
          id.topic(),
          id.partition(),
          reason.getMessage());
    }
  }

  PulsarConnection pulsar() {
    return pulsar;
  }

  PulsarOffsets offsets() {
    return offsets;
  }

  LogProbes probes() {
    return probes;
  }

  int receiverQueueSize() {
    return pulsar.settings().receiverQueueSize();
  }

  @Override
  public long maxRecordBytes() {
    return pulsar.settings().maxRecordBytes();
  }

  @Override
  public CompletionStage<Void> check() {
    return pulsar.check();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        new Metric(
            "pulsar_pending_publish_bytes",
            "Bytes of records that are published and not yet stored",
            publisher::pendingBytes));
  }

  @Override
  public void close() {
    publisher.close();
    timer.shutdownNow();
    pulsar.close();
  }
}
