package io.liiklus.storage.kafka.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When it is replaced and when not, by steps; {@link RefusedLoginIT} has the real thing. */
class RecoveringProducerTest {

  private final Deque<Runnable> due = new ArrayDeque<>();
  private final List<MockProducer<byte[], byte[]>> opened = new ArrayList<>();
  private CompletableFuture<Void> check = CompletableFuture.completedFuture(null);
  private boolean isOpeningFailing;

  private final ScheduledThreadPoolExecutor looks =
      new ScheduledThreadPoolExecutor(1) {
        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
          due.add(task);
          return null;
        }
      };

  private final RecoveringProducer producer =
      new RecoveringProducer(this::openProducer, () -> check, looks);

  @AfterEach
  void close() {
    looks.shutdownNow();
  }

  @Test
  void acceptedProducer_staysAndIsWatched() {
    task();
    task();

    assertThat(producer.get()).isSameAs(opened.get(0));
    assertThat(due).hasSize(1);
  }

  @Test
  void producerThatHasSent_isNotWatched() {
    tell("record-send-total", 1);
    tell("failed-authentication-total", 1);
    task();

    assertThat(producer.get()).isSameAs(opened.get(0));
    assertThat(due).isEmpty();
  }

  @Test
  void refusedProducer_isReplacedWhenALoginPasses() {
    tell("failed-authentication-total", 1);
    check = CompletableFuture.failedFuture(new KafkaException("refused"));
    task();
    task();
    assertThat(opened).hasSize(1);

    check = CompletableFuture.completedFuture(null);
    task();
    task();

    assertThat(opened).hasSize(2);
    assertThat(producer.get()).isSameAs(opened.get(1));
    await().until(() -> opened.get(0).closed());
    assertThat(due).hasSize(1);
  }

  @Test
  void producerThatSendsDuringALoginAttempt_stays() {
    tell("failed-authentication-total", 1);
    check = new CompletableFuture<>();
    task();
    tell("record-send-total", 1);
    check.complete(null);
    task();

    assertThat(opened).hasSize(1);
    assertThat(opened.get(0).closed()).isFalse();
  }

  @Test
  void failedReplacement_isTriedAgain() {
    tell("failed-authentication-total", 1);
    isOpeningFailing = true;
    task();
    task();
    assertThat(producer.get()).isSameAs(opened.get(0));

    isOpeningFailing = false;
    task();
    task();

    assertThat(producer.get()).isSameAs(opened.get(1));
  }

  @Test
  void closedProducer_opensNoOther() {
    tell("failed-authentication-total", 1);
    task();
    producer.close(Duration.ZERO);
    task();

    assertThat(opened).hasSize(1);
    assertThat(opened.get(0).closed()).isTrue();
  }

  private void task() {
    due.remove().run();
  }

  private Producer<byte[], byte[]> openProducer() {
    if (isOpeningFailing) {
      throw new KafkaException("no host can be found");
    }
    var mock = new MockProducer<byte[], byte[]>();
    opened.add(mock);
    return mock;
  }

  /** Has the first producer tell a total of itself. */
  private void tell(String name, double total) {
    var metricName = new MetricName(name, "producer-metrics", "", Map.of());
    Gauge<Double> value = (config, nowMs) -> total;
    Metric metric =
        new KafkaMetric(new Object(), metricName, value, new MetricConfig(), Time.SYSTEM);
    opened.get(0).setMockMetrics(metricName, metric);
  }
}
