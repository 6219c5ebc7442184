package io.liiklus.storage.sql.records;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordBytes;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.publish.PendingBytes;
import io.liiklus.storage.sql.database.SqlDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Publishes without blocking its callers. Thread-safe. */
final class SqlPublisher {

  private static final Duration TICK = Duration.ofMillis(50);

  private final SqlDatabase database;
  private final LogTable logs;
  private final AppendKind kind;
  private final CreateTopic.Creation creation;
  private final PendingBytes pending;
  private final Consumer<String> onTopicChanged;
  private final Map<String, TopicPublisher> topics = new ConcurrentHashMap<>();
  private final Runnable ticks;
  private volatile boolean isClosed;

  /**
   * @param onTopicChanged notified, on any thread, of a topic that was created
   */
  SqlPublisher(SqlDatabase database, LogTable logs, Consumer<String> onTopicChanged) {
    this.database = database;
    this.logs = logs;
    this.kind = new AppendKind(RecordTable.of(database), database.ends());
    this.creation =
        new CreateTopic.Creation(logs, database, database.settings().topics().partitions());
    this.pending = new PendingBytes(database.settings().limits().maxPendingBytes());
    this.onTopicChanged = onTopicChanged;
    this.ticks = database.every(TICK, this::tick);
  }

  CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    long bytes = RecordBytes.of(record);
    long most = database.settings().limits().maxRecordBytes();
    if (bytes > most) {
      return CompletableFuture.failedStage(
          StorageException.notStored(
              Kind.BAD_RECORD,
              "the record has %d bytes, at most %d are allowed (sql.maxRecordBytes)"
                  .formatted(bytes, most)));
    }
    if (isClosed) {
      return CompletableFuture.failedStage(closed());
    }
    var lost = database.lost();
    if (lost != null) {
      return CompletableFuture.failedStage(lost);
    }
    if (!pending.reserve(bytes)) {
      return CompletableFuture.failedStage(
          new StorageException(Kind.FULL, "sql.maxPendingBytes is reached"));
    }
    var append = new Append(record, System.currentTimeMillis(), bytes, patience);
    var unused = append.whenComplete((answer, failure) -> pending.free(bytes));
    while (!topic(record.topic()).publish(append)) {
      // That one was retired just now: the next is another.
      if (isClosed) {
        append.failNotStored(closed());
        break;
      }
    }
    return append;
  }

  private TopicPublisher topic(String name) {
    var known = topics.get(name);
    return known != null
        ? known
        : topics.computeIfAbsent(name, added -> new TopicPublisher(added, this));
  }

  /** The partitions of a topic, which is created where that is allowed; empty: it is not there. */
  CompletionStage<List<LogPlace>> find(String topic) {
    return database
        .ask(connection -> logs.places(connection, topic))
        .thenCompose(
            found -> {
              if (!found.isEmpty() || !database.settings().topics().areCreated()) {
                return CompletableFuture.completedStage(found);
              }
              return create(topic);
            });
  }

  private CompletionStage<List<LogPlace>> create(String topic) {
    return create(topic, creation);
  }

  /** Creates a topic on request, whatever {@code sql.createTopics} says of publishes. */
  CompletionStage<Void> create(String topic, int partitions) {
    return database
        .ask(connection -> logs.places(connection, topic))
        .thenCompose(
            found ->
                found.isEmpty()
                    ? create(topic, new CreateTopic.Creation(logs, database, partitions))
                    : CompletableFuture.completedStage(found))
        .thenApply(places -> null);
  }

  private CompletionStage<List<LogPlace>> create(String topic, CreateTopic.Creation how) {
    var change = new CreateTopic(topic, how, database.settings().timeouts().statement());
    database.write(change);
    return change.thenApply(
        places -> {
          onTopicChanged.accept(topic);
          return places;
        });
  }

  private void tick() {
    pending.tick();
    long nowNs = System.nanoTime();
    topics.values().forEach(topic -> topic.tick(nowNs));
  }

  void remove(String topic, TopicPublisher retired) {
    topics.remove(topic, retired);
  }

  void onRoom(Runnable listener) {
    pending.onRoom(listener);
  }

  long pendingBytes() {
    return pending.bytes();
  }

  AppendKind kind() {
    return kind;
  }

  SqlDatabase database() {
    return database;
  }

  private static StorageException closed() {
    return StorageException.notStored(Kind.CLOSED, "the gateway is shutting down");
  }

  void close() {
    isClosed = true;
    ticks.run();
    topics.values().forEach(topic -> topic.close(closed()));
  }
}
