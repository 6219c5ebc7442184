package io.liiklus.storage.kafka.client;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Lower bound of a property: the sum of others. Below it a client of Kafka is not opened, or no
 * record fits its buffer. Immutable.
 *
 * @param more added to the sum
 * @param defaults values of properties that are not set
 */
record LowerBound(String name, List<String> parts, int more, Map<String, ?> defaults) {

  /** Bound of a record's delivery, with all tries. */
  static final LowerBound DELIVERY =
      new LowerBound(
          "delivery.timeout.ms",
          List.of("linger.ms", "request.timeout.ms"),
          0,
          KafkaClientDefaults.PRODUCER);

  /** Bound of a request of the Admin client, with all tries. */
  static final LowerBound ADMIN =
      new LowerBound(
          "default.api.timeout.ms", List.of("request.timeout.ms"), 0, KafkaClientDefaults.ADMIN);

  /** Bound of a session by the classic group protocol. */
  static final LowerBound SESSION =
      new LowerBound(
          "session.timeout.ms", List.of("heartbeat.interval.ms"), 1, KafkaClientDefaults.CONSUMER);

  /** Bound of the producer's buffer: one batch, or one request. */
  static LowerBound buffer(String size, Map<String, ?> kafkas) {
    return new LowerBound("buffer.memory", List.of(size), 0, kafkas);
  }

  /** Returns the least value; empty where a part of it is not known yet. */
  OptionalLong least(Function<String, OptionalLong> numbers) {
    var known = parts.stream().map(numbers).filter(OptionalLong::isPresent).toList();
    return known.size() == parts.size()
        ? OptionalLong.of(more + known.stream().mapToLong(OptionalLong::getAsLong).sum())
        : OptionalLong.empty();
  }

  /** Text of the bound, for people. */
  String text() {
    return "at least " + String.join(" + ", parts) + (more == 0 ? "" : " + " + more);
  }

  /** Text of the same bound on its only part, for people. */
  String textOfPart() {
    return "at most " + name + (more == 0 ? "" : " - " + more);
  }
}
