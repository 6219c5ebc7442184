package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Writes positions of one group version: reads the times of what it replaces, then writes with a
 * later one. Two requests. Thread-safe.
 */
final class PositionUpdate {

  /** Positions in a batch. The server warns of batches above 5 KiB. */
  static final int MAX_POSITIONS = 50;

  private final Supplier<OpenSession> sessions;
  private final WriteClock clock;

  PositionUpdate(Supplier<OpenSession> sessions, WriteClock clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /**
   * Stores them.
   *
   * @param offsets {@link #MAX_POSITIONS} at the most
   */
  CompletionStage<Void> write(TopicGroup group, Map<Integer, Long> offsets) {
    var link = sessions.get();
    var times =
        link.positions()
            .times()
            .bind(
                group.topic(),
                group.group().name(),
                group.group().version(),
                List.copyOf(offsets.keySet()));
    return link.session()
        .executeAsync(times)
        .thenCompose(replaced -> writeBatch(link, group, offsets, clock.next(latest(replaced))))
        .thenAccept(written -> {});
  }

  /** A batch is smaller than a page. */
  private static long latest(AsyncResultSet times) {
    long latest = Long.MIN_VALUE;
    for (var row : times.currentPage()) {
      if (!row.isNull(0)) {
        latest = Math.max(latest, row.getLong(0));
      }
    }
    return latest;
  }

  private static CompletionStage<AsyncResultSet> writeBatch(
      OpenSession link, TopicGroup group, Map<Integer, Long> offsets, long timeMicros) {
    var batch = BatchStatement.builder(DefaultBatchType.UNLOGGED).setQueryTimestamp(timeMicros);
    var statement = link.positions().write();
    offsets.forEach(
        (partition, offset) ->
            batch.addStatement(
                statement.bind(
                    group.topic(),
                    group.group().name(),
                    group.group().version(),
                    partition,
                    offset)));
    return link.session().executeAsync(batch.build());
  }
}
