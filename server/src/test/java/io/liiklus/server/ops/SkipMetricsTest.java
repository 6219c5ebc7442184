package io.liiklus.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.api.PositionId;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionListener.SkipReason;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SkipMetricsTest {

  private static final PositionId ID = new PositionId("topic", new GroupId("group", 1), 3);

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final SkipMetrics metrics = new SkipMetrics();

  @BeforeEach
  void register() {
    metrics.register(registry, visitor -> {});
  }

  @Test
  void skipOfAnUnknownNumber_isCountedAndItsRecordsAreNot() {
    metrics.onSkipped(ID, SkipReason.RETENTION, 5);
    metrics.onSkipped(ID, SkipReason.RETENTION, SubscriptionListener.UNKNOWN_COUNT);
    metrics.onSkipped(ID, SkipReason.RETENTION, 2);

    assertThat(counts("liiklus_skips_by_reason"))
        .isEqualTo(Map.of("retention", 3.0, "truncation", 0.0, "corruption", 0.0));
    assertThat(counts("liiklus_skipped_records_by_reason"))
        .isEqualTo(Map.of("retention", 7.0, "truncation", 0.0, "corruption", 0.0));
    assertThat(counts("liiklus_skipped_records")).isEqualTo(Map.of("retention", 7.0));
  }

  @Test
  void skipOfAnUnknownNumberAlone_isShownWithoutRecords() {
    metrics.onSkipped(ID, SkipReason.RETENTION, SubscriptionListener.UNKNOWN_COUNT);

    assertThat(counts("liiklus_skips")).isEqualTo(Map.of("retention", 1.0));
    assertThat(counts("liiklus_skipped_records")).isEqualTo(Map.of("retention", 0.0));
  }

  private Map<String, Double> counts(String name) {
    var counts = new TreeMap<String, Double>();
    for (var snapshot : registry.scrape(name::equals)) {
      ((CounterSnapshot) snapshot)
          .getDataPoints()
          .forEach(point -> counts.put(point.getLabels().get("reason"), point.getValue()));
    }
    return counts;
  }
}
