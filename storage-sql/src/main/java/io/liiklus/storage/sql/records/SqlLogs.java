package io.liiklus.storage.sql.records;

import io.liiklus.api.Metric;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.storage.group.LogPartition;
import io.liiklus.storage.group.RecordLogs;
import io.liiklus.storage.read.LogReader;
import io.liiklus.storage.sql.database.SqlDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs in a database, a row for each record. Thread-safe. */
public final class SqlLogs implements RecordLogs {

  private static final Logger log = LoggerFactory.getLogger(SqlLogs.class);

  private static final Duration RETENTION_INTERVAL = Duration.ofMinutes(1);

  private final SqlDatabase database;
  private final LogTable table;
  private final SliceQuery slices;
  private final SqlPublisher publisher;
  private final EndPoll poll;
  private final RetentionSweeper retention;

  /** By topic, as last found. Bounded by the topics that are read. */
  private final Map<String, List<LogPlace>> places = new ConcurrentHashMap<>();

  private volatile Consumer<String> topicListener = topic -> {};

  private SqlLogs(SqlDatabase database, RecordsSettings settings) {
    this.database = database;
    this.table = new LogTable(database.tables());
    this.slices = new SliceQuery(database, RecordTable.of(database), table);
    this.publisher = new SqlPublisher(database, table, topic -> topicListener.accept(topic));
    this.poll = new EndPoll(database, table, settings.pollInterval());
    var clock = new RetentionClock(System::currentTimeMillis, System::nanoTime);
    this.retention = new RetentionSweeper(database, settings, RETENTION_INTERVAL, clock);
  }

  /**
   * Starts the threads.
   *
   * @param database released when the logs are closed
   */
  public static SqlLogs start(SqlDatabase database, RecordsSettings settings) {
    var logs = new SqlLogs(database, settings);
    if (!database.isEmbedded()) {
      // To a file nobody else appends.
      logs.poll.start();
    }
    logs.retention.start();
    return logs;
  }

  @Override
  public String name() {
    return "sql";
  }

  @Override
  public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    return publisher.publish(record, patience);
  }

  @Override
  public CompletionStage<Void> createTopic(String topic, int partitions) {
    return publisher.create(topic, partitions);
  }

  @Override
  public CompletionStage<Set<String>> topics() {
    return database.ask(table::topics);
  }

  @Override
  public boolean isGapless() {
    return true;
  }

  @Override
  public void onRoom(Runnable listener) {
    publisher.onRoom(listener);
  }

  @Override
  public CompletionStage<List<LogPartition>> partitions(String topic) {
    return database
        .ask(connection -> table.places(connection, topic))
        .thenApply(
            found -> {
              if (found.isEmpty()) {
                places.remove(topic);
              } else {
                places.put(topic, found);
              }
              return found.stream()
                  .map(place -> new LogPartition(place.partition(), Set.of()))
                  .toList();
            });
  }

  @Override
  public void onTopicChanged(Consumer<String> listener) {
    topicListener = listener;
  }

  @Override
  public CompletionStage<Map<Integer, OffsetRange>> ranges(String topic, Set<Integer> partitions) {
    return database
        .ask(connection -> table.ranges(connection, topic))
        .thenApply(
            found -> {
              found.keySet().retainAll(partitions);
              return found;
            });
  }

  /** Number of a partition's log, 0 where it is not there. Blocks where it is not known yet. */
  long logOf(String topic, int partition) {
    var known = places.get(topic);
    if (known == null) {
      known = database.askNow(connection -> table.places(connection, topic));
      if (!known.isEmpty()) {
        places.put(topic, known);
      }
    }
    return known.stream()
        .filter(place -> place.partition() == partition)
        .mapToLong(LogPlace::id)
        .findAny()
        .orElse(0);
  }

  /** Its partitions may be other ones. */
  void forget(String topic) {
    places.remove(topic);
  }

  @Override
  public LogReader openAtTail() {
    return new SqlLogReader(this, true);
  }

  @Override
  public LogReader openBehind() {
    return new SqlLogReader(this, false);
  }

  @Override
  public void onFault(Throwable fault) {
    log.error("reading from the database failed by a fault of the gateway", fault);
  }

  public SqlDatabase database() {
    return database;
  }

  SliceQuery slices() {
    return slices;
  }

  @Override
  public long maxRecordBytes() {
    return database.settings().limits().maxRecordBytes();
  }

  @Override
  public CompletionStage<Void> check() {
    return database.check();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        new Metric(
            "sql_pending_publish_bytes",
            "Bytes of records that are published and not yet written",
            publisher::pendingBytes));
  }

  @Override
  public void close() {
    publisher.close();
    poll.close();
    retention.close();
    database.release();
  }
}
