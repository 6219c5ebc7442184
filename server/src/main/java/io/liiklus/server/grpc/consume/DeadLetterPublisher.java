package io.liiklus.server.grpc.consume;

import io.liiklus.api.GroupId;
import io.liiklus.api.Header;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.inflight.DeadLetter;
import io.liiklus.server.inflight.DeadLetter.Outcome;
import io.liiklus.server.inflight.InflightMetrics;
import io.liiklus.server.runtime.WarnLimit;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes records that are given up, key, value and headers as they were, with headers that say
 * where they come from. No processor and no schema is asked: what cannot be processed is to be
 * kept. Thread-safe.
 */
public final class DeadLetterPublisher {

  private static final Logger log = LoggerFactory.getLogger(DeadLetterPublisher.class);

  static final String PREFIX = "liiklus-dead-letter-";
  static final int MOST_REASON_BYTES = 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RecordsStorage records;
  private final InflightMetrics metrics;
  private final WarnLimit warnings = new WarnLimit();

  public DeadLetterPublisher(RecordsStorage records, InflightMetrics metrics) {
    this.records = records;
    this.metrics = metrics;
  }

  /**
   * Publishes one.
   *
   * @param terms of the call, with the topic to publish to
   * @return what became of it; never fails
   */
  CompletionStage<Outcome> publish(DeadLetter letter, ConsumeTerms terms, int partition) {
    return published(letter, terms, partition)
        .handle(
            (stored, failure) -> {
              if (failure == null) {
                metrics.onDeadLetter(terms.topic(), terms.group(), true);
                return Outcome.STORED;
              }
              var known = StorageException.of(failure);
              if (known.kind() == Kind.FULL) {
                return Outcome.NO_ROOM;
              }
              metrics.onDeadLetter(terms.topic(), terms.group(), false);
              warn(terms, known.getMessage());
              return Outcome.FAILED;
            });
  }

  private void warn(ConsumeTerms terms, String reason) {
    if (warnings.permits()) {
      log.warn(
          "dead letters cannot be stored, trying on, topic={} group={} version={}"
              + " deadLetterTopic={} reason={} (logged once a minute)",
          terms.topic(),
          terms.group().name(),
          terms.group().version(),
          terms.deadLetterTopic(),
          reason);
    }
  }

  private CompletionStage<?> published(DeadLetter letter, ConsumeTerms terms, int partition) {
    try {
      var batch = letter.batch();
      int index = letter.index();
      return records.publish(
          new RecordToPublish(
              terms.deadLetterTopic(),
              bytes(batch.key(index)),
              bytes(batch.value(index)),
              headers(letter, terms, partition)),
          PATIENCE);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedStage(failure);
    }
  }

  private static List<Header> headers(DeadLetter letter, ConsumeTerms terms, int partition) {
    var headers = new ArrayList<Header>();
    for (var header : letter.batch().headers(letter.index())) {
      if (!isOurs(header.key())) {
        headers.add(header);
      }
    }
    add(headers, "topic", terms.topic());
    add(headers, "partition", Integer.toString(partition));
    add(headers, "offset", Long.toString(letter.offset()));
    long timestamp = letter.batch().timestamp(letter.index());
    if (timestamp >= 0) {
      add(headers, "timestamp", Long.toString(timestamp));
    }
    add(headers, "group", text(terms.group()));
    add(headers, "attempts", Integer.toString(letter.attempts()));
    headers.add(new Header(PREFIX + "reason", cut(letter.reason())));
    return headers;
  }

  private static boolean isOurs(String key) {
    return switch (key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : "") {
      case "topic", "partition", "offset", "timestamp", "group", "attempts", "reason" -> true;
      default -> false;
    };
  }

  private static String text(GroupId group) {
    return group.version() == 0 ? group.name() : group.name() + "-v" + group.version();
  }

  private static void add(List<Header> headers, String name, String value) {
    headers.add(new Header(PREFIX + name, value.getBytes(StandardCharsets.UTF_8)));
  }

  /** The reason's UTF-8, of which no character is cut in two. */
  static byte[] cut(String reason) {
    var bytes = reason.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MOST_REASON_BYTES) {
      return bytes;
    }
    int end = MOST_REASON_BYTES;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return java.util.Arrays.copyOf(bytes, end);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    var bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }
}
