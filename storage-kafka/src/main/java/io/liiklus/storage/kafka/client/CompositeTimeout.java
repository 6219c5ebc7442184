package io.liiklus.storage.kafka.client;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * A timeout, in milliseconds, that must not be shorter than its parts together: a client of Kafka
 * that is told so is not opened. Immutable.
 */
record CompositeTimeout(String name, List<String> parts) {

  /** Of a record, with all tries to store it. */
  static final CompositeTimeout DELIVERY =
      new CompositeTimeout(
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
          List.of(ProducerConfig.LINGER_MS_CONFIG, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG));

  /** Of a request to the Admin client, with all its tries. */
  static final CompositeTimeout ADMIN =
      new CompositeTimeout(
          AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
          List.of(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG));

  /** The least that it may be; empty where a part of it is not known yet. */
  OptionalLong leastMs(Map<String, Object> config) {
    long sum = 0;
    for (var part : parts) {
      var ms = KafkaPropertyCheck.known(config.get(part));
      if (ms.isEmpty()) {
        return ms;
      }
      sum += ms.getAsLong();
    }
    return OptionalLong.of(sum);
  }
}
