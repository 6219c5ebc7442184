package io.liiklus.server.ops;

import io.liiklus.api.PositionId;
import io.liiklus.api.SubscriptionListener.SkipReason;
import io.liiklus.server.session.SkipCounter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Metrics of the records that readers passed over. Thread-safe.
 *
 * <p>A rate sees the first event of a series only where the series was there before, with 0. So the
 * sums by reason are there from the start, and each partition's counts from its assignment on.
 */
final class SkipMetrics implements SkipCounter {

  /** So many assignments are shown with counts of 0: each has six of them, in every scrape. */
  static final int MOST_ZERO_ASSIGNMENTS = 10_000;

  private static final String[] LABELS = {
    "topic", "groupName", "groupVersion", "partition", "reason"
  };

  /** Source of the assignments of this moment. */
  interface Assignments {
    void forEach(Consumer<PositionId> visitor);
  }

  private record Series(PositionId id, SkipReason reason) {}

  private record Counts(LongAdder skips, LongAdder records) {
    private Counts() {
      this(new LongAdder(), new LongAdder());
    }
  }

  private final Map<Series, Counts> counts = new ConcurrentHashMap<>();

  void register(PrometheusRegistry registry, Assignments assignments) {
    register(
        registry,
        assignments,
        "liiklus_skips",
        "How often a reader had to go on at another offset than it was to",
        of -> of.skips().sum());
    register(
        registry,
        assignments,
        "liiklus_skipped_records",
        "Offsets that were to be read and are gone from the log, where it is known how many",
        of -> of.records().sum());
  }

  private void register(
      PrometheusRegistry registry,
      Assignments assignments,
      String name,
      String help,
      ToLongFunction<Counts> count) {
    CounterWithCallback.builder()
        .name(name + "_total")
        .help(help + ".")
        .labelNames(LABELS)
        .callback(callback -> show(assignments, count, callback))
        .register(registry);
    CounterWithCallback.builder()
        .name(name + "_by_reason_total")
        .help(help + ", in all partitions.")
        .labelNames("reason")
        .callback(callback -> showSums(count, callback))
        .register(registry);
  }

  private void show(
      Assignments assignments,
      ToLongFunction<Counts> count,
      CounterWithCallback.Callback callback) {
    Set<Series> shown = new HashSet<>();
    counts.forEach(
        (series, ofSeries) -> {
          shown.add(series);
          callback.call((double) count.applyAsLong(ofSeries), labels(series));
        });
    int most = shown.size() + MOST_ZERO_ASSIGNMENTS * SkipReason.values().length;
    assignments.forEach(
        id -> {
          for (var reason : SkipReason.values()) {
            var series = new Series(id, reason);
            // Two members of a group may hold one partition for a moment.
            if (shown.size() < most && shown.add(series)) {
              callback.call(0, labels(series));
            }
          }
        });
  }

  private static String[] labels(Series series) {
    var id = series.id();
    return new String[] {
      id.topic(),
      id.group().name(),
      Integer.toString(id.group().version()),
      Integer.toString(id.partition()),
      name(series.reason())
    };
  }

  private void showSums(ToLongFunction<Counts> count, CounterWithCallback.Callback callback) {
    var sums = new EnumMap<SkipReason, Long>(SkipReason.class);
    counts.forEach(
        (series, ofSeries) -> sums.merge(series.reason(), count.applyAsLong(ofSeries), Long::sum));
    for (var reason : SkipReason.values()) {
      callback.call((double) sums.getOrDefault(reason, 0L), name(reason));
    }
  }

  private static String name(SkipReason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void onSkipped(PositionId id, SkipReason reason, long records) {
    var ofSeries = counts.computeIfAbsent(new Series(id, reason), added -> new Counts());
    ofSeries.skips().increment();
    // Of an unknown number the skip alone is counted: a counter never goes back.
    ofSeries.records().add(Math.max(0, records));
  }
}
