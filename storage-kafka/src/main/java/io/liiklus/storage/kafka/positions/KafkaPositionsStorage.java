package io.liiklus.storage.kafka.positions;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.Metric;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.kafka.client.KafkaFailures;
import io.liiklus.storage.kafka.client.KafkaTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Positions in a compacted topic. A group {@code <name>-v<N>} of version 0 is version N of {@code
 * <name>}, as everywhere. Thread-safe.
 *
 * <p>An answer to {@link #store} means: all in-sync replicas have it. A write that was not answered
 * within {@code kafka.positions.callTimeout} is not sent again, and may have been stored, or still
 * be, where a broker has it that hangs.
 */
final class KafkaPositionsStorage implements PositionsStorage {

  private final PositionsSettings settings;
  private final Admin admin;
  private final PositionsView view = new PositionsView();
  private final PositionsWriter writer;
  private final PositionsReader reader;
  private final AtomicInteger pendingCalls = new AtomicInteger();

  private KafkaPositionsStorage(PositionsSettings settings) {
    this.settings = settings;
    var clients = new PositionsClients(settings.clients(), settings.callTimeout());
    this.admin = clients.openAdmin();
    var identity = new TopicIdentity(settings.topic(), System::nanoTime);
    var topics = new KafkaTopics(admin, settings.clients());
    var topic = new PositionsTopic(settings, admin, topics, identity);
    var partition = new TopicPartition(settings.topic(), PositionsTopic.PARTITION);
    this.writer =
        new PositionsWriter(partition, settings.max(), view, identity, clients::openProducer);
    var consumer = new PositionsConsumer(partition, settings.max(), view, clients::openConsumer);
    this.reader = new PositionsReader(settings, topic, identity, view, writer, consumer);
  }

  /** Returns at once; Kafka is looked for in the background. */
  static KafkaPositionsStorage open(PositionsSettings settings) {
    var storage = new KafkaPositionsStorage(settings);
    try {
      storage.reader.start();
    } catch (Error noThread) {
      storage.admin.close(Duration.ZERO);
      throw noThread;
    }
    return storage;
  }

  @Override
  public CompletionStage<Void> store(GroupPositions positions) {
    var canonical =
        new GroupPositions(positions.topic(), positions.group().canonical(), positions.offsets());
    return call(
        () -> {
          reader.requireReady();
          return writer.write(canonical);
        });
  }

  @Override
  public CompletionStage<Map<Integer, Long>> find(String topic, GroupId group) {
    return read(() -> view.find(topic, group.canonical()));
  }

  @Override
  public CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      String topic, String groupName) {
    return read(() -> view.findVersions(topic, groupName));
  }

  @Override
  public CompletionStage<List<GroupPositions>> findAll() {
    return read(view::findAll);
  }

  /**
   * Answers once the view has come to where the topic ends, as for a find, and writes are taken.
   */
  @Override
  public CompletionStage<Void> check() {
    return read(view::size)
        .thenAccept(
            size -> {
              if (!settings.isReadOnly()) {
                writer.requireWritable();
              }
            });
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        new Metric(
            "kafka_positions", "Positions in kafka.positions.topic, of all groups.", view::size));
  }

  private <T> CompletionStage<T> read(Supplier<T> question) {
    return call(
        () ->
            reader
                .barrier()
                .read(question)
                .orTimeout(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Counts the call, and turns what goes wrong into the port's words. */
  private <T> CompletionStage<T> call(Supplier<CompletionStage<T>> call) {
    if (pendingCalls.incrementAndGet() > settings.maxPendingCalls()) {
      pendingCalls.decrementAndGet();
      return CompletableFuture.failedStage(
          new StorageException(
              Kind.EXHAUSTED,
              "kafka.positions.maxPendingCalls is reached: %d calls wait for Kafka"
                  .formatted(settings.maxPendingCalls())));
    }
    return begin(call)
        .exceptionally(
            failure -> {
              throw mapped(failure);
            })
        .whenComplete((answer, failure) -> pendingCalls.decrementAndGet());
  }

  private static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedStage(failure);
    }
  }

  private StorageException mapped(Throwable failure) {
    var cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof TimeoutException ? reader.late() : KafkaFailures.of(cause);
  }

  @Override
  public void close() {
    reader.close();
    writer.close(settings.closeTimeout());
    admin.close(settings.closeTimeout());
  }
}
