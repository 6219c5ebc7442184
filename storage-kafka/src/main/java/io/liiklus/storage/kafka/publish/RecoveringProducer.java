package io.liiklus.storage.kafka.publish;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producer that is replaced where a refused login has broken it. Thread-safe.
 *
 * <p>A producer whose first login was refused is replaced when a login passes. Kafka's producer
 * requests its producer id once, and not again where its login was refused (KAFKA-20237): each
 * publish would time out from then on, while everything else serves.
 *
 * <p>Threads: {@link #get} and {@link #close} from any; it is checked and replaced on the thread
 * that it is given, and a replaced producer is closed on a thread of its own.
 */
final class RecoveringProducer {

  private static final Logger log = LoggerFactory.getLogger(RecoveringProducer.class);

  /** Time between two checks for a refused login, until a record was sent. */
  private static final long LOOK_MS = 1_000;

  /** Pause after a refused login until the next one. */
  private static final long REST_MS = 5_000;

  /** Bound on the close of a replaced producer, which has records only after a race. */
  private static final Duration LAST_SENDS = Duration.ofSeconds(1);

  // Metrics of Kafka's producer.
  private static final String LOGINS_REFUSED = "failed-authentication-total";

  private static final String RECORDS_SENT = "record-send-total";

  private final Supplier<Producer<byte[], byte[]>> opener;
  private final Supplier<CompletionStage<Void>> check;
  private final ScheduledExecutorService looks;

  private volatile Producer<byte[], byte[]> producer; // Replaced and closed guarded by this.
  private boolean isClosed; // Guarded by this.

  /**
   * @param check logs in; completes when the cluster answers
   * @param looks checks and replaces the producer
   */
  RecoveringProducer(
      Supplier<Producer<byte[], byte[]>> opener,
      Supplier<CompletionStage<Void>> check,
      ScheduledExecutorService looks) {
    this.opener = opener;
    this.check = check;
    this.looks = looks;
    this.producer = opener.get();
    lookAfter(LOOK_MS);
  }

  Producer<byte[], byte[]> get() {
    return producer;
  }

  /** Sends the producer's records, within the bound. */
  synchronized void close(Duration longest) {
    isClosed = true;
    producer.close(longest);
  }

  private void lookAfter(long delayMs) {
    try {
      var unused = looks.schedule(this::look, delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      // Nothing is published any more.
    }
  }

  private void look() {
    if (hasSent()) {
      return; // It has its id.
    }
    if (total(LOGINS_REFUSED) == 0) {
      lookAfter(LOOK_MS);
      return;
    }
    var unused =
        check
            .get()
            .whenCompleteAsync(
                (passed, failure) -> {
                  try {
                    if (failure == null) {
                      replace();
                    }
                  } finally {
                    lookAfter(REST_MS);
                  }
                },
                looks);
  }

  private boolean hasSent() {
    return total(RECORDS_SENT) > 0;
  }

  private double total(String name) {
    return producer.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(name))
        .filter(metric -> metric.getKey().group().equals("producer-metrics"))
        .mapToDouble(metric -> (double) metric.getValue().metricValue())
        .sum();
  }

  private synchronized void replace() {
    if (isClosed || hasSent()) {
      return;
    }
    var replaced = producer;
    try {
      producer = opener.get();
    } catch (KafkaException failure) {
      log.warn("cannot open a producer, trying on, reason={}", failure.getMessage());
      return;
    }
    log.info("producer replaced, since its login was refused before it had sent a record");
    var closing = new Thread(() -> replaced.close(LAST_SENDS), "liiklus-producer-close");
    closing.setDaemon(true);
    closing.start();
  }
}
