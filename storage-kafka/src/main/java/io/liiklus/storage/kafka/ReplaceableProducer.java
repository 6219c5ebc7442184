package io.liiklus.storage.kafka;

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
 * for the id that it sends with, and where it is not let in for that it does not ask again
 * (KAFKA-20237): what is published would time out from then on, while all else serves.
 */
final class ReplaceableProducer {

  private static final Logger log = LoggerFactory.getLogger(ReplaceableProducer.class);

  /** How often it is looked whether a login was refused, until something was sent. */
  private static final long LOOK_MS = 1_000;

  /** Totals that a producer tells of itself. */
  private static final String LOGINS_REFUSED = "failed-authentication-total";

  private static final String RECORDS_SENT = "record-send-total";

  private final Supplier<Producer<byte[], byte[]>> opener;
  private final Supplier<CompletionStage<Void>> check;
  private final ScheduledExecutorService looks;

  private volatile Producer<byte[], byte[]> producer; // Replaced and closed guarded by this.
  private boolean isClosed; // Guarded by this.

  private ReplaceableProducer(
      Supplier<Producer<byte[], byte[]>> opener,
      Supplier<CompletionStage<Void>> check,
      ScheduledExecutorService looks) {
    this.opener = opener;
    this.check = check;
    this.looks = looks;
    this.producer = opener.get();
  }

  /**
   * @param check completes when the cluster lets in and answers
   * @param looks where it is looked after, and the producer replaced
   */
  static ReplaceableProducer open(
      Supplier<Producer<byte[], byte[]>> opener,
      Supplier<CompletionStage<Void>> check,
      ScheduledExecutorService looks) {
    var opened = new ReplaceableProducer(opener, check, looks);
    opened.lookLater();
    return opened;
  }

  Producer<byte[], byte[]> get() {
    return producer;
  }

  /** Sends what the producer holds, within the bound. */
  synchronized void close(Duration longest) {
    isClosed = true;
    producer.close(longest);
  }

  private void lookLater() {
    try {
      var unused = looks.schedule(this::look, LOOK_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      // Nothing is published any more.
    }
  }

  private void look() {
    if (total(RECORDS_SENT) > 0) {
      return; // It has its id.
    }
    if (total(LOGINS_REFUSED) == 0) {
      lookLater();
      return;
    }
    var unused =
        check
            .get()
            .whenCompleteAsync(
                (passed, failure) -> {
                  if (failure == null) {
                    replace();
                  }
                  lookLater();
                },
                looks);
  }

  private double total(String name) {
    return producer.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(name))
        .filter(metric -> metric.getKey().group().equals("producer-metrics"))
        .mapToDouble(metric -> (double) metric.getValue().metricValue())
        .sum();
  }

  private synchronized void replace() {
    if (isClosed) {
      return;
    }
    var refused = producer;
    try {
      producer = opener.get();
    } catch (KafkaException failure) {
      log.warn("cannot open a producer, trying on, reason={}", failure.getMessage());
      return;
    }
    log.info("producer replaced, since its first login was refused");
    refused.close(Duration.ZERO);
  }
}
