package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Writer of positions. Of a group version one write is under way at a time; what comes meanwhile is
 * the next one, in which a later position of a partition replaces an earlier. So the writes of one
 * gateway keep their order, and a group with many acks costs one write at a time. Thread-safe.
 *
 * <p>A write reads the times of what it replaces, then writes with a later one: two requests.
 */
final class PositionWriter {

  /** Positions in a batch. The server warns of batches above 5 KiB. */
  static final int MAX_BATCH = 50;

  private final WriteClock clock;

  /** The next round of each group that has a write under way. Guarded by this. */
  private final Map<TopicGroup, Round> next = new HashMap<>();

  PositionWriter(WriteClock clock) {
    this.clock = clock;
  }

  /**
   * Positions that are written together, and the callers that wait for it. Guarded by the writer.
   */
  private static final class Round {
    private final Map<Integer, Long> offsets = new TreeMap<>();
    private final List<CompletableFuture<Void>> callers = new ArrayList<>();

    private void add(Map<Integer, Long> more, CompletableFuture<Void> caller) {
      offsets.putAll(more);
      callers.add(caller);
    }

    private void complete(Throwable failure) {
      for (var caller : callers) {
        if (failure == null) {
          caller.complete(null);
        } else {
          caller.completeExceptionally(failure);
        }
      }
    }
  }

  CompletionStage<Void> store(OpenSession link, TopicGroup group, Map<Integer, Long> offsets) {
    var caller = new CompletableFuture<Void>();
    Round round;
    synchronized (this) {
      var waiting = next.get(group);
      if (waiting != null) {
        waiting.add(offsets, caller);
        return caller;
      }
      round = new Round();
      round.add(offsets, caller);
      next.put(group, new Round());
    }
    write(link, group, round);
    return caller;
  }

  private void write(OpenSession link, TopicGroup group, Round round) {
    CompletionStage<Void> written;
    try {
      written = writeBatches(link, group, round.offsets.entrySet().iterator());
    } catch (RuntimeException refused) {
      written = CompletableFuture.failedStage(refused);
    }
    written.whenComplete(
        (done, failure) -> {
          var following = takeNext(group);
          round.complete(failure);
          if (following != null) {
            write(link, group, following);
          }
        });
  }

  /** Null where nothing came meanwhile: the group has no write under way then. */
  private synchronized Round takeNext(TopicGroup group) {
    var round = next.remove(group);
    if (round.callers.isEmpty()) {
      return null;
    }
    next.put(group, new Round());
    return round;
  }

  /** One after the other. */
  private CompletionStage<Void> writeBatches(
      OpenSession link, TopicGroup group, Iterator<Map.Entry<Integer, Long>> rest) {
    var batch = new TreeMap<Integer, Long>();
    while (rest.hasNext() && batch.size() < MAX_BATCH) {
      var position = rest.next();
      batch.put(position.getKey(), position.getValue());
    }
    return link.session()
        .executeAsync(
            link.positions()
                .times()
                .bind(
                    group.topic(),
                    group.group().name(),
                    group.group().version(),
                    List.copyOf(batch.keySet())))
        .thenCompose(replaced -> writeBatch(link, group, batch, clock.next(latest(replaced))))
        .thenCompose(
            written ->
                rest.hasNext()
                    ? writeBatches(link, group, rest)
                    : CompletableFuture.completedStage(null));
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
