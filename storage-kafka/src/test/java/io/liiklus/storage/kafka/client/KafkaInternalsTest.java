package io.liiklus.storage.kafka.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the gateway matches of kafka-clients without a type of Kafka's for it: each text and name
 * stands in the class that the gateway expects. Where this fails, Kafka has changed it: look at the
 * class on the right.
 */
class KafkaInternalsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "clients/ClientUtils|No resolvable bootstrap|AdminClients",
        "clients/producer/KafkaProducer|not present in metadata|PositionsWriter",
        "common/config/ConfigException|Invalid value |KafkaPropertyCheck",
        "common/config/ConfigException| for configuration |KafkaPropertyCheck",
        "common/config/ConfigDef|Not a number of type|KafkaPropertyCheck",
        "clients/producer/internals/RecordAccumulator|Producer is closed|KafkaFailures",
        "clients/producer/internals/RecordAccumulator|Producer closed|KafkaFailures",
        "clients/producer/KafkaProducer|producer has been closed|KafkaFailures",
        "clients/consumer/internals/AbstractCoordinator$HeartbeatResponseHandler"
            + "|Unexpected error|KafkaFailures",
        "clients/producer/internals/Sender"
            + "|Failed to append record because it was part of a batch|BrokerRefusals",
        "clients/consumer/internals/CompletedFetch|Record batch for partition |UnreadableRecords",
        "clients/consumer/internals/CompletedFetch|Record for partition |UnreadableRecords",
        "clients/consumer/internals/CompletedFetch"
            + "|Received exception when fetching the next record|UnreadableRecords",
        "clients/consumer/internals/FetchCollector|Encountered corrupt message|UnreadableRecords",
        "clients/producer/internals/SenderMetricsRegistry|record-send-total|RecoveringProducer",
        "clients/producer/internals/SenderMetricsRegistry|producer-metrics|RecoveringProducer",
        "common/network/Selector$SelectorMetrics|failed-authentication|RecoveringProducer",
      })
  void text_standsInKafkasClass(String type, String text, String reliesOnIt) throws IOException {
    var file = "/org/apache/kafka/" + type + ".class";
    try (var bytes = KafkaException.class.getResourceAsStream(file)) {
      assertThat(bytes).as("%s, on which %s relies", file, reliesOnIt).isNotNull();
      assertThat(new String(bytes.readAllBytes(), ISO_8859_1).contains(text))
          .as("%s of %s, on which %s relies", text, file, reliesOnIt)
          .isTrue();
    }
  }
}
