package io.liiklus.storage.kafka.positions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsSettingsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "__consumer_offsets",
        "__transaction_state",
        "__share_group_state",
        "__cluster_metadata",
        "__remote_log_metadata"
      })
  void topicOfKafkasOwn_isRefused(String topic) {
    var settings = PositionsFixture.settings("127.0.0.1:1", topic);
    new KafkaPositionsStorageFactory().check(settings);
    assertThat(settings.refused()).hasSize(1).asString().contains("positions.topic", "Kafka's own");
  }

  @ParameterizedTest
  @ValueSource(strings = {"liiklus-positions", "__liiklus_positions", "consumer_offsets"})
  void anyOtherTopic_isAllowed(String topic) {
    var settings = PositionsFixture.settings("127.0.0.1:1", topic);
    new KafkaPositionsStorageFactory().check(settings);
    assertThat(settings.refused()).isEmpty();
  }
}
