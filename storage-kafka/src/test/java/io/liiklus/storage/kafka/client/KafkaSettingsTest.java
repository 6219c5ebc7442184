package io.liiklus.storage.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.MapSettings;
import io.liiklus.storage.kafka.KafkaRecordsStorageFactory;
import io.liiklus.storage.kafka.KafkaTestStorage;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSettingsTest {

  private final MapSettings valid = KafkaTestStorage.settings("127.0.0.1:9092");

  @Test
  void propertiesReachTheClientsThatKnowThem() {
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
  void hostsThatNoneCanBeFoundOfAreTold() {
    var settings = KafkaTestStorage.settings("kafka.invalid:9092,other.invalid:9092");

    assertThatThrownBy(() -> KafkaTestStorage.open(settings))
        .hasMessage(
            "kafka.bootstrapServers: no host can be found of"
                + " kafka.invalid:9092,other.invalid:9092");
  }

  @Test
  void whatTheGatewayReliesOnWinsAndSaysSo() {
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
            "properties.acks: has no effect: the gateway sets it itself",
            "properties.max.block.ms: has no effect: the gateway sets it itself",
            "properties.enable.auto.commit: has no effect: the gateway sets it itself",
            "properties.auto.offset.reset: has no effect: the gateway sets it itself",
            "properties.group.id: has no effect: the gateway sets it itself",
            "properties.group.instance.id: has no effect: the gateway is many members, not one",
            "properties.transactional.id: has no effect: the gateway publishes without transactions");
  }

  @Test
  void theAssignorMayBeChangedAsAMoveFromTheOriginalNeeds() {
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
  void aConsumerThatReadsIsInNoGroup() {
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
  void theNewerProtocolGetsNoneOfTheKeysThatItRefuses() {
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
  void aBrokerThatHangsIsConnectedToAgainOnlyAfterAnotherWasAsked() {
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
  void whatIsPromisedRestsOnTheseDefaults() {
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
  void readersHaveTheSystemsReceiveBufferUnlessItIsSet() {
    var set = clients(valid.with("properties.receive.buffer.bytes", "131072"));

    assertThat(clients(valid).catchUpReader()).containsEntry("receive.buffer.bytes", -1);
    assertThat(clients(valid).tailReader()).containsEntry("receive.buffer.bytes", -1);
    assertThat(set.catchUpReader()).containsEntry("receive.buffer.bytes", "131072");
  }

  @Test
  void theIsolationLevelIsCommittedUnlessItIsSet() {
    assertThat(clients(valid).isolationLevel()).isEqualTo(IsolationLevel.READ_COMMITTED);
    assertThat(
            clients(valid.with("properties.isolation.level", "read_uncommitted")).isolationLevel())
        .isEqualTo(IsolationLevel.READ_UNCOMMITTED);
  }

  @Test
  void whatCannotBeUsedIsRefused() {
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
  @CsvSource(
      delimiter = '|',
      value = {
        "session.timeout.ms|abc|abc is not allowed; a whole number of milliseconds without a unit",
        "session.timeout.ms|' '|has no value; a whole number of milliseconds without a unit",
        "session.timeout.ms|5s|5s is not allowed; a whole number of milliseconds without a unit",
        "buffer.memory|32 MiB|32 MiB is not allowed; a whole number of bytes without a unit",
        "fetch.max.bytes|4MB|4MB is not allowed; a whole number of bytes without a unit",
        "max.poll.records|many|many is not allowed; a whole number",
        "fetch.max.bytes|-1|-1 is not allowed; Value must be at least 0",
        "security.protocol|SASL|SASL is not allowed; String must be one of",
        "isolation.level|none|none is not allowed; String must be one of: read_committed,",
        "compression.type|zip|zip is not allowed; String must be one of: none, gzip,",
        "partition.assignment.strategy|Nope|Nope is not allowed; names of classes",
        "heartbeat.interval.ms|10000|10000 ms between heartbeats are not allowed; less than",
        "session.timeout.ms|1000|1000 ms between heartbeats are not allowed; less than",
        "delivery.timeout.ms|9999|9999 ms are not allowed; at least linger.ms + request.timeout.ms",
        "default.api.timeout.ms|1000|1000 ms are not allowed; at least request.timeout.ms",
        "max.request.size|33554433|33554433 is not allowed; at most buffer.memory, which is 33554432",
        "batch.size|33554433|33554433 is not allowed; at most buffer.memory, which is 33554432",
        "retries|0|0 is not allowed; 1 to",
        "max.in.flight.requests.per.connection|6|6 is not allowed; 1 to 5,"
      })
  void whatAKafkaClientWouldRefuseIsRefused(String name, String value, String reason) {
    var settings = valid.with("properties." + name, value);

    new KafkaRecordsStorageFactory().check(settings);

    assertThat(settings.refused())
        .singleElement()
        .asString()
        .startsWith("properties." + name + ": " + reason);
  }

  @ParameterizedTest
  @CsvSource({
    "sasl.mechanism, PLAINTEXT",
    "sasl.jaas.config, ssl",
    "ssl.truststore.location, SASL_PLAINTEXT",
    "ssl.truststore.location, PLAINTEXT"
  })
  void propertyThatTheProtocolDoesNotNeed_isWarnedOf(String name, String protocol) {
    var settings =
        valid.with("properties." + name, "x").with("properties.security.protocol", protocol);
    new KafkaRecordsStorageFactory().check(settings);
    assertThat(settings.warned())
        .containsExactly(
            "properties.%s: has no effect: security.protocol is %s"
                .formatted(name, protocol.toUpperCase(Locale.ROOT)));
  }

  @Test
  void propertiesThatTheProtocolNeeds_areNotWarnedOf() {
    var settings =
        valid
            .with("properties.sasl.jaas.config", "x")
            .with("properties.ssl.truststore.location", "x")
            .with("properties.security.protocol", "sasl_ssl");
    new KafkaRecordsStorageFactory().check(settings);
    assertThat(settings.warned()).isEmpty();
  }

  @Test
  void bufferForNoRecordOfTheUsualSize_isWarnedOfAndForNoBatchRefused() {
    var small = valid.with("properties.buffer.memory", "65000");
    new KafkaRecordsStorageFactory().check(small);
    assertThat(small.refused()).isEmpty();
    assertThat(small.warned())
        .containsExactly(
            "properties.buffer.memory: is less than max.request.size, which is 1048576: a record"
                + " between the two never fits");

    var tiny = valid.with("properties.buffer.memory", "1000");
    new KafkaRecordsStorageFactory().check(tiny);
    assertThat(tiny.refused())
        .containsExactly(
            "properties.buffer.memory: 1000 is not allowed; at least batch.size, which is 16384");
  }

  @Test
  void aRequestMayTakeLongerThanOurDefaultsOfTheWhole() {
    var settings = valid.with("properties.request.timeout.ms", "40000");
    var clients = clients(settings);

    assertThat(settings.refused()).isEmpty();
    try (var producer = new KafkaProducer<>(clients.producer());
        var admin = Admin.create(clients.admin())) {
      assertThat(producer).isNotNull();
      assertThat(admin).isNotNull();
    }
    assertThat(clients.producer()).containsEntry("delivery.timeout.ms", 40_000);
    assertThat(clients.admin()).containsEntry("default.api.timeout.ms", 40_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"broker", "broker:", "broker:0", "broker:65536", "a:1,,b:2", "a:1;b:2"})
  void serversThatAreNoneAreRefused(String servers) {
    var settings = KafkaTestStorage.settings(servers);

    new KafkaRecordsStorageFactory().check(settings);

    assertThat(settings.refused())
        .singleElement()
        .asString()
        .matches("bootstrapServers: .* is not allowed; host:port, with a port from 1 to 65535");
  }

  @ParameterizedTest
  @CsvSource({
    "delivery.timeout.ms, ${env:TIMEOUT}, request.timeout.ms, 40000",
    "delivery.timeout.ms, 5000, request.timeout.ms, ${env:TIMEOUT}",
    "default.api.timeout.ms, 1000, request.timeout.ms, ${env:TIMEOUT}",
    "max.request.size, 40000000, buffer.memory, ${env:BUFFER}",
    "retries, ${env:TRIES}, max.in.flight.requests.per.connection, ${env:TRIES}"
  })
  void whatIsNotKnownYetIsNotTakenForOurDefault(
      String name, String value, String other, String otherValue) {
    var settings = valid.with("properties." + name, value).with("properties." + other, otherValue);

    new KafkaRecordsStorageFactory().check(settings);

    assertThat(settings.refused()).isEmpty();
    assertThat(clients(settings).producer()).containsKey("delivery.timeout.ms");
  }

  @Test
  void whatTheOperatorsOwnProviderIsToResolveIsTakenAsItIs() {
    var settings = valid.with("properties.session.timeout.ms", "${env:SESSION_TIMEOUT}");

    new KafkaRecordsStorageFactory().check(settings);

    assertThat(settings.refused()).isEmpty();
  }

  @Test
  void aPropertyThatNoKafkaClientKnowsIsToldOf() {
    var settings = valid.with("properties.sesion.timeout.ms", "9000");

    new KafkaRecordsStorageFactory().check(settings);

    assertThat(settings.refused()).isEmpty();
    assertThat(settings.warned())
        .containsExactly(
            "properties.sesion.timeout.ms: is none of Kafka's own, and reaches all of its clients"
                + " as it is");
  }

  private static KafkaClientConfigs clients(MapSettings settings) {
    return KafkaSettings.read(settings).clients();
  }
}
