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
 * The producer in use. Thread-safe.
 *
 * <p>One whose first login was refused is replaced when a login passes. Kafka's producer asks once
 * for the id that it sends with, and where it cannot log in for that it does not ask again
 * (KAFKA-20237): what is published would time out from then on, while all else serves.
 *
 * <p>Threads: {@link #get} and {@link #close} from any; it is looked after and replaced on the one
 * that it is given, and the one that was replaced is closed on a thread of its own.
 */
final class RecoveringProducer {

  private static final Logger log = LoggerFactory.getLogger(RecoveringProducer.class);

  /** How often it is looked whether a login was refused, until something was sent. */
  private static final long LOOK_MS = 1_000;

  /** How long it is waited after a login was refused, until one is tried again. */
  private static final long REST_MS = 5_000;

  /** How long what was replaced may take to send what it can, which is nothing but for a race. */
  private static final Duration LAST_SENDS = Duration.ofSeconds(1);

  /** Totals that a producer tells of itself. */
  private static final String LOGINS_REFUSED = "failed-authentication-total";

  private static final String RECORDS_SENT = "record-send-total";

  private final Supplier<Producer<byte[], byte[]>> opener;
  private final Supplier<CompletionStage<Void>> check;
  private final ScheduledExecutorService looks;

  private volatile Producer<byte[], byte[]> producer; // Replaced and closed guarded by this.
  private boolean isClosed; // Guarded by this.

  /**
   * @param check completes when the cluster answers one who logged in
   * @param looks where it is looked after, and the producer replaced
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

  /** Sends what the producer holds, within the bound. */
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
