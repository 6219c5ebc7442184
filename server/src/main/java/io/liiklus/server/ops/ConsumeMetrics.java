package io.liiklus.server.ops;

import io.liiklus.server.inflight.InflightGroup;
import io.liiklus.server.inflight.InflightMetrics;
import io.liiklus.server.inflight.InflightMetrics.Wait;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.ToDoubleFunction;

/**
 * Metrics of the records that Consume calls were sent, by topic and group. Immutable.
 *
 * <p>A group's are there from its first assignment on, with 0: a rate sees its first dead letter.
 */
final class ConsumeMetrics {

  private static final double NANOS_OF_A_SECOND = 1e9;

  private static final String[] LABELS = {"topic", "groupName", "groupVersion"};
  private static final String[] WAIT_LABELS = {"topic", "groupName", "groupVersion", "reason"};

  private final InflightMetrics inflight;

  ConsumeMetrics(InflightMetrics inflight) {
    this.inflight = inflight;
  }

  void register(PrometheusRegistry registry) {
    gauge(
        registry,
        "liiklus_consume_unacked_records",
        "Records that a Consume was sent and that are not acknowledged.",
        InflightGroup::unacked);
    gauge(
        registry,
        "liiklus_consume_oldest_unacked_seconds",
        "Age of the oldest of these records; 0: there is none.",
        group -> group.oldestAgeNs(System.nanoTime()) / NANOS_OF_A_SECOND);
    gauge(
        registry,
        "liiklus_consume_waiting_retries",
        "Records that wait to be sent again.",
        InflightGroup::retries);
    registerWaiting(registry);
    counter(
        registry,
        "liiklus_dead_letters_total",
        "Records that were stored in a dead-letter topic.",
        InflightGroup::deadLetters);
    counter(
        registry,
        "liiklus_dead_letter_failures_total",
        "How often a record could not be stored in its dead-letter topic.",
        InflightGroup::deadLetterFailures);
  }

  private void registerWaiting(PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("liiklus_consume_waiting_partitions")
        .help("Partitions of Consume calls that are not read on, by what they wait for.")
        .labelNames(WAIT_LABELS)
        .callback(
            callback ->
                inflight.forEach(
                    group -> {
                      for (var reason : Wait.values()) {
                        if (reason != Wait.NOTHING) {
                          callback.call((double) group.waiting(reason), labels(group, reason));
                        }
                      }
                    }))
        .register(registry);
  }

  private void gauge(
      PrometheusRegistry registry, String name, String help, ToDoubleFunction<InflightGroup> of) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(LABELS)
        .callback(
            callback ->
                inflight.forEach(group -> callback.call(of.applyAsDouble(group), labels(group))))
        .register(registry);
  }

  private void counter(
      PrometheusRegistry registry, String name, String help, ToDoubleFunction<InflightGroup> of) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(LABELS)
        .callback(
            callback ->
                inflight.forEach(group -> callback.call(of.applyAsDouble(group), labels(group))))
        .register(registry);
  }

  private static String[] labels(InflightGroup group) {
    return new String[] {
      group.topic(), group.group().name(), Integer.toString(group.group().version())
    };
  }

  private static String[] labels(InflightGroup group, Wait reason) {
    return new String[] {
      group.topic(), group.group().name(), Integer.toString(group.group().version()), reason.name()
    };
  }
}
