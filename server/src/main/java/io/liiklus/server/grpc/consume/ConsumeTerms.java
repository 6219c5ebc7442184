package io.liiklus.server.grpc.consume;

import com.github.bsideup.liiklus.protocol.AckMode;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.RetryPolicy;
import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.GroupId;
import io.liiklus.server.grpc.codec.reply.ReplyFormat;
import io.liiklus.server.grpc.codec.request.RequestDurations;
import io.liiklus.server.grpc.codec.request.RequestNames;
import io.liiklus.server.grpc.codec.status.BadRequest;
import io.liiklus.server.inflight.RetryOrder;
import io.liiklus.server.inflight.RetryRules;
import io.liiklus.server.inflight.WindowLimits;
import java.time.Duration;

/**
 * What a client wants of a Consume, checked. Immutable.
 *
 * @param isBeforeDelivery whether positions are stored before records are sent
 * @param deadLetterTopic empty: none
 */
public record ConsumeTerms(
    String topic,
    GroupId group,
    AutoOffsetReset reset,
    ReplyFormat format,
    WindowLimits limits,
    boolean isBeforeDelivery,
    RetryRules retry,
    String deadLetterTopic) {

  static final Duration LONGEST_DELAY = Duration.ofHours(1);

  private static final int DEFAULT_BATCH = 500;
  private static final int DEFAULT_UNACKED = 10_000;
  private static final long DEFAULT_UNACKED_BYTES = 8L << 20;
  private static final Duration DEFAULT_MIN_BACKOFF = Duration.ofSeconds(1);
  private static final Duration DEFAULT_MAX_BACKOFF = Duration.ofMinutes(1);

  /** Checks what a client wants. */
  public static ConsumeTerms of(ConsumeStart start, ConsumeOptions options) {
    var topic = RequestNames.topic(start.getTopic());
    boolean isBeforeDelivery = isBeforeDelivery(start);
    if (isBeforeDelivery && start.hasRetry()) {
      throw new BadRequest(
          "retry: is not allowed with ack_mode BEFORE_DELIVERY, where no record comes again");
    }
    var retry = start.getRetry();
    return new ConsumeTerms(
        topic,
        RequestNames.group(start.getGroup(), start.getGroupVersion()),
        reset(start),
        format(start),
        limits(start, options),
        isBeforeDelivery,
        rules(retry),
        deadLetterTopic(retry, topic));
  }

  boolean hasDeadLetterTopic() {
    return !deadLetterTopic.isEmpty();
  }

  private static AutoOffsetReset reset(ConsumeStart start) {
    return switch (start.getAutoOffsetReset()) {
      case EARLIEST -> AutoOffsetReset.EARLIEST;
      case LATEST -> AutoOffsetReset.LATEST;
      case UNRECOGNIZED ->
          throw unknown(
              "auto_offset_reset", start.getAutoOffsetResetValue(), "EARLIEST (0) or LATEST (1)");
    };
  }

  private static ReplyFormat format(ConsumeStart start) {
    int wanted = RequestNames.batchSize(start.getMaxBatchRecords());
    int maxRecords = wanted == 0 ? DEFAULT_BATCH : wanted;
    return switch (start.getFormat()) {
      case BINARY -> ReplyFormat.binary(maxRecords);
      case LIIKLUS_EVENT -> ReplyFormat.events(maxRecords);
      case UNRECOGNIZED ->
          throw unknown("format", start.getFormatValue(), "BINARY (0) or LIIKLUS_EVENT (1)");
    };
  }

  private static boolean isBeforeDelivery(ConsumeStart start) {
    if (start.getAckMode() == AckMode.UNRECOGNIZED) {
      throw unknown("ack_mode", start.getAckModeValue(), "CLIENT (0) or BEFORE_DELIVERY (1)");
    }
    return start.getAckMode() == AckMode.BEFORE_DELIVERY;
  }

  private static WindowLimits limits(ConsumeStart start, ConsumeOptions options) {
    int records = RequestNames.uint31("max_unacked_records", start.getMaxUnackedRecords());
    long bytes = start.getMaxUnackedBytes();
    if (bytes < 0) {
      throw BadRequest.of(
          "max_unacked_bytes",
          Long.toUnsignedString(bytes),
          "a whole number from 0 to 9223372036854775807");
    }
    return new WindowLimits(
        records == 0 ? DEFAULT_UNACKED : records,
        bytes == 0 ? DEFAULT_UNACKED_BYTES : bytes,
        options.maxAheadRecords());
  }

  private static RetryRules rules(RetryPolicy retry) {
    int attempts = RequestNames.uint31("retry.max_attempts", retry.getMaxAttempts());
    if (attempts > 0 && retry.getDeadLetterTopic().isEmpty()) {
      throw new BadRequest(
          "retry.max_attempts: needs retry.dead_letter_topic, where records go after the last");
    }
    var order =
        switch (retry.getOrder()) {
          case NONE -> RetryOrder.NONE;
          case KEY -> RetryOrder.KEY;
          case PARTITION -> RetryOrder.PARTITION;
          case UNRECOGNIZED ->
              throw unknown(
                  "retry.order", retry.getOrderValue(), "NONE (0), KEY (1) or PARTITION (2)");
        };
    var min =
        retry.hasMinBackoff()
            ? RequestDurations.upTo("retry.min_backoff", retry.getMinBackoff(), LONGEST_DELAY)
            : DEFAULT_MIN_BACKOFF;
    var max =
        retry.hasMaxBackoff()
            ? RequestDurations.upTo("retry.max_backoff", retry.getMaxBackoff(), LONGEST_DELAY)
            : DEFAULT_MAX_BACKOFF;
    if (retry.hasMinBackoff() && retry.hasMaxBackoff() && min.compareTo(max) > 0) {
      throw new BadRequest("retry.min_backoff: is longer than retry.max_backoff; at most that");
    }
    // The one that is not set gives way.
    var shortest = retry.hasMinBackoff() || min.compareTo(max) <= 0 ? min : max;
    var longest = max.compareTo(shortest) >= 0 ? max : shortest;
    return new RetryRules(attempts, shortest, longest, order);
  }

  private static String deadLetterTopic(RetryPolicy retry, String topic) {
    var name = retry.getDeadLetterTopic();
    if (name.isEmpty()) {
      return name;
    }
    if (RequestNames.topic("retry.dead_letter_topic", name).equals(topic)) {
      throw new BadRequest("retry.dead_letter_topic: is the topic that is consumed; another one");
    }
    return name;
  }

  static BadRequest unknown(String field, int number, String allowed) {
    return new BadRequest(field + ": " + number + " is not allowed; " + allowed);
  }
}
