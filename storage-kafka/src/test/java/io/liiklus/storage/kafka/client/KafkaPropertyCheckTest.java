package io.liiklus.storage.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.MapSettings;
import io.liiklus.storage.kafka.KafkaRecordsStorageFactory;
import io.liiklus.storage.kafka.KafkaTestStorage;
import java.util.Locale;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of kafka.properties that a client would refuse, or that have no effect. */
class KafkaPropertyCheckTest {

  private final MapSettings valid = KafkaTestStorage.settings("127.0.0.1:9092");

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
        "heartbeat.interval.ms|10000|10000 is not allowed; at most session.timeout.ms - 1, which is 9999",
        "session.timeout.ms|1000|1000 is not allowed; at least heartbeat.interval.ms + 1, which is 1001",
        "delivery.timeout.ms|9999|9999 is not allowed; at least linger.ms + request.timeout.ms, which is 10000",
        "default.api.timeout.ms|1000|1000 is not allowed; at least request.timeout.ms, which is 4000",
        "max.request.size|33554433|33554433 is not allowed; at most buffer.memory, which is 33554432",
        "batch.size|33554433|33554433 is not allowed; at most buffer.memory, which is 33554432",
        "retries|0|0 is not allowed; 1 to",
        "max.in.flight.requests.per.connection|6|6 is not allowed; 1 to 5,"
      })
  void propertyRefusedByAKafkaClient_isRefused(String name, String value, String reason) {
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
  void requestTimeout_mayExceedOurDefaultOfTheWhole() {
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
  @CsvSource({
    "delivery.timeout.ms, ${env:TIMEOUT}, request.timeout.ms, 40000",
    "delivery.timeout.ms, 5000, request.timeout.ms, ${env:TIMEOUT}",
    "default.api.timeout.ms, 1000, request.timeout.ms, ${env:TIMEOUT}",
    "heartbeat.interval.ms, 10000, session.timeout.ms, ${env:SESSION}",
    "session.timeout.ms, 1000, heartbeat.interval.ms, ${env:BEAT}",
    "max.request.size, 40000000, buffer.memory, ${env:BUFFER}",
    "retries, ${env:TRIES}, max.in.flight.requests.per.connection, ${env:TRIES}"
  })
  void unresolvedValue_isNotTakenForOurDefault(
      String name, String value, String other, String otherValue) {
    var settings = valid.with("properties." + name, value).with("properties." + other, otherValue);

    new KafkaRecordsStorageFactory().check(settings);

    assertThat(settings.refused()).isEmpty();
    assertThat(clients(settings).producer()).containsKey("delivery.timeout.ms");
  }

  @Test
  void valueOfTheOperatorsProvider_isTakenAsItIs() {
    var settings = valid.with("properties.session.timeout.ms", "${env:SESSION_TIMEOUT}");

    new KafkaRecordsStorageFactory().check(settings);

    assertThat(settings.refused()).isEmpty();
  }

  @Test
  void unknownProperty_isReported() {
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
