package io.liiklus.storage.kafka.client;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A timeout, in milliseconds, that must not be shorter than its parts together: a client of Kafka
 * that is told so is not opened. Immutable.
 */
record CompositeTimeout(String name, List<String> parts) {

  /** Of a record, with all tries to store it. */
  static final CompositeTimeout DELIVERY =
      new CompositeTimeout("delivery.timeout.ms", List.of("linger.ms", "request.timeout.ms"));

  /** Of a request to the Admin client, with all its tries. */
  static final CompositeTimeout ADMIN =
      new CompositeTimeout("default.api.timeout.ms", List.of("request.timeout.ms"));

  /** The least that it may be; empty where a part of it is not known yet. */
  OptionalLong leastMs(Function<String, OptionalLong> numbers) {
    var known = parts.stream().map(numbers).filter(OptionalLong::isPresent).toList();
    return known.size() == parts.size()
        ? OptionalLong.of(known.stream().mapToLong(OptionalLong::getAsLong).sum())
        : OptionalLong.empty();
  }
}
