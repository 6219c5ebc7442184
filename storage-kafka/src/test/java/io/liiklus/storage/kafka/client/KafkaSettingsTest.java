package io.liiklus.storage.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.MapSettings;
import io.liiklus.storage.kafka.KafkaRecordsStorageFactory;
import io.liiklus.storage.kafka.KafkaTestStorage;
import java.util.List;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSettingsTest {

  private final MapSettings valid = KafkaTestStorage.settings("127.0.0.1:9092");

  @Test
  void properties_reachTheClientsThatKnowThem() {
    var clients =
        clients(
            valid
                .with("properties.security.protocol", "SASL_SSL")
                .with("properties.compression.type", "zstd")
                .with("properties.fetch.max.bytes", "1000")
                .with("properties.my.callback.setting", "x"));

    assertThat(clients.producer())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("compression.type", "zstd")
        .containsEntry("my.callback.setting", "x")
        .doesNotContainKey("fetch.max.bytes");
    assertThat(clients.member("group", "client", () -> {}))
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("fetch.max.bytes", "1000")
        .containsEntry("my.callback.setting", "x")
        .doesNotContainKey("compression.type");
    assertThat(clients.admin())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("my.callback.setting", "x")
        .doesNotContainKeys("compression.type", "fetch.max.bytes");
  }

  @Test
  void unresolvableHosts_areReported() {
    var settings = KafkaTestStorage.settings("kafka.invalid:9092,other.invalid:9092");

    assertThatThrownBy(() -> KafkaTestStorage.open(settings))
        .hasMessage(
            "kafka.bootstrapServers: no host can be found of"
                + " kafka.invalid:9092,other.invalid:9092");
  }

  @Test
  void propertyTheGatewayReliesOn_winsAndSaysSo() {
    var settings =
        valid
            .with("properties.acks", "0")
            .with("properties.max.block.ms", "60000")
            .with("properties.enable.auto.commit", "true")
            .with("properties.auto.offset.reset", "latest")
            .with("properties.group.id", "other")
            .with("properties.group.instance.id", "one")
            .with("properties.transactional.id", "one");

    var clients = clients(settings);

    assertThat(clients.producer())
        .doesNotContainKey("transactional.id")
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("max.block.ms", 0);
    assertThat(clients.member("group", "client", () -> {}))
        .doesNotContainKey("group.instance.id")
        .containsEntry("enable.auto.commit", false)
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("allow.auto.create.topics", false)
        .containsEntry("group.id", "group");
    assertThat(settings.warned())
        .containsExactlyInAnyOrder(
            "properties.acks: has no effect: the gateway sets it to all",
            "properties.max.block.ms: has no effect: the gateway sets it to 0",
            "properties.enable.auto.commit: has no effect: the gateway sets it to false",
            "properties.auto.offset.reset: has no effect: the gateway sets it to none, as each Subscribe has its own",
            "properties.group.id: has no effect: the gateway sets it to the group of each Subscribe",
            "properties.group.instance.id: has no effect: the gateway is many members, not one",
            "properties.transactional.id: has no effect: the gateway publishes without transactions");
  }

  @Test
  void assignor_mayBeChangedForAMigration() {
    var both =
        "org.apache.kafka.clients.consumer.CooperativeStickyAssignor,"
            + "org.apache.kafka.clients.consumer.RangeAssignor";
    var clients = clients(valid.with("properties.partition.assignment.strategy", both));

    assertThat(clients.member("group", "client", () -> {}))
        .containsEntry(
            "partition.assignment.strategy",
            List.of(
                JoinNotifyingAssignor.class, "org.apache.kafka.clients.consumer.RangeAssignor"));
    // For the others of the group it is the one that was named.
    assertThat(new JoinNotifyingAssignor().name()).isEqualTo("cooperative-sticky");
    assertThat(new JoinNotifyingAssignor().supportedProtocols())
        .isEqualTo(new CooperativeStickyAssignor().supportedProtocols());
  }

  @Test
  void readingConsumer_isInNoGroup() {
    var clients = clients(valid.with("properties.group.protocol", "consumer"));

    for (var config :
        List.of(clients.tailReader(), clients.catchUpReader(), clients.singleRecordReader())) {
      assertThat(config)
          .containsEntry("isolation.level", "read_committed")
          .containsEntry("auto.offset.reset", "none")
          .doesNotContainKeys("group.id", "group.protocol");
    }
  }

  @Test
  void consumerProtocol_getsNoneOfTheKeysThatItRefuses() {
    var settings =
        valid
            .with("properties.group.protocol", "consumer")
            .with("properties.session.timeout.ms", "9000");

    assertThat(clients(settings).member("group", "client", () -> {}))
        .containsEntry("group.protocol", "consumer")
        .doesNotContainKeys(
            "session.timeout.ms", "heartbeat.interval.ms", "partition.assignment.strategy");
    assertThat(settings.warned())
        .containsExactly(
            "properties.session.timeout.ms: has no effect with group.protocol=consumer");
  }

  @Test
  void hangingBroker_isRetriedOnlyAfterAnother() {
    var clients = clients(valid);

    for (var config :
        List.of(clients.producer(), clients.member("group", "client", () -> {}), clients.admin())) {
      // Kafka's clients vary both by a fifth.
      double latestQuestion = 1.2 * (int) config.get("retry.backoff.max.ms");
      double earliestConnection = 0.8 * (int) config.get("reconnect.backoff.ms");
      assertThat(latestQuestion).isLessThan(earliestConnection);
    }
  }

  @Test
  void promises_restOnTheseDefaults() {
    var clients = clients(valid);

    assertThat(clients.member("group", "client", () -> {}))
        .containsEntry("session.timeout.ms", 10_000)
        .containsEntry("metadata.max.age.ms", 30_000)
        .containsEntry("partition.assignment.strategy", List.of(JoinNotifyingAssignor.class));
    for (var config : List.of(clients.tailReader(), clients.catchUpReader())) {
      assertThat(config)
          .containsEntry("fetch.max.bytes", 4 << 20)
          .containsEntry("max.partition.fetch.bytes", 512 << 10);
    }
  }

  @Test
  void readers_haveTheSystemsReceiveBufferUnlessSet() {
    var set = clients(valid.with("properties.receive.buffer.bytes", "131072"));

    assertThat(clients(valid).catchUpReader()).containsEntry("receive.buffer.bytes", -1);
    assertThat(clients(valid).tailReader()).containsEntry("receive.buffer.bytes", -1);
    assertThat(set.catchUpReader()).containsEntry("receive.buffer.bytes", "131072");
  }

  @Test
  void isolationLevel_isCommittedUnlessSet() {
    assertThat(clients(valid).isolationLevel()).isEqualTo(IsolationLevel.READ_COMMITTED);
    assertThat(
            clients(valid.with("properties.isolation.level", "read_uncommitted")).isolationLevel())
        .isEqualTo(IsolationLevel.READ_UNCOMMITTED);
  }

  @Test
  void unusableValue_isRefused() {
    var settings =
        KafkaTestStorage.settings(" ")
            .with("prefetch", "1 KiB")
            .with("revokeTimeout", "0s")
            .with("unreadableRecords", "ignore")
            .with("tailReaders", "0")
            .with("properties.isolation.level", "none");

    new KafkaRecordsStorageFactory().check(settings);

    assertThat(settings.refused())
        .anyMatch(line -> line.startsWith("bootstrapServers: is empty"))
        .anyMatch(line -> line.startsWith("prefetch"))
        .anyMatch(line -> line.startsWith("revokeTimeout"))
        .anyMatch(line -> line.startsWith("properties.isolation.level: none is not allowed"))
        .anyMatch(line -> line.startsWith("unreadableRecords: ignore is not allowed"))
        .anyMatch(line -> line.startsWith("tailReaders"))
        .hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"broker", "broker:", "broker:0", "broker:65536", "a:1,,b:2", "a:1;b:2"})
  void invalidServers_areRefused(String servers) {
    var settings = KafkaTestStorage.settings(servers);

    new KafkaRecordsStorageFactory().check(settings);

    assertThat(settings.refused())
        .singleElement()
        .asString()
        .matches("bootstrapServers: .* is not allowed; host:port, with a port from 1 to 65535");
  }

  private static KafkaClientConfigs clients(MapSettings settings) {
    return KafkaSettings.read(settings).clients();
  }
}
