package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsTest {

  @TempDir Path home;

  private Start start() {
    return new Start(home);
  }

  @Test
  void badValue_isRefusedByKeyBoundsAndSource() {
    assertThat(start().variable("GRPC_PORT", "70000").refusals())
        .containsExactly(
            "grpc.port: 70000 is not allowed; a whole number from 0 to 65535 (from the environment"
                + " variable GRPC_PORT)");
  }

  @Test
  void everyProblem_isNamedAtOnce() {
    var start =
        start()
            .file("grpc { enabled = yes, prot = 1 }")
            .variable("SERVER_PORT", "x")
            .property("ack.timeout", "5")
            .arguments("--threads.io=-1", "--kafka.bootstrap-servers=b", "oops");
    var file = home.resolve("conf/liiklus.conf");
    assertThat(start.refusals())
        .containsExactlyInAnyOrder(
            "oops: is not understood; --KEY=VALUE, or see --help",
            "grpc.prot: unknown key; did you mean grpc.port? (from the file " + file + ", line 1)",
            "grpc.enabled: yes is not allowed; false or true (from the file " + file + ", line 1)",
            "server.port: x is not allowed; a whole number from 0 to 65535 (from the environment"
                + " variable SERVER_PORT)",
            "ack.timeout: 5 is not allowed; a time from 1ms to 1h, with its unit: 500ms, 5s, 2m"
                + " (from a system property)",
            "threads.io: -1 is not allowed; a whole number from 0 to 1024 (from the command line)",
            "kafka.bootstrap-servers: unknown key; did you mean kafka.bootstrapServers? (from the"
                + " command line)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "grpc.maxInboundMessageSize|2 GiB|a size from 1 KiB to 1 GiB, as 1048576, 1 MiB or 1MB",
        "grpc.permitKeepAliveTime|61s|a time from 0ms to 1m, with its unit: 500ms, 5s, 2m",
        "grpc.deadlineMargin|1 parsec|a time from 0ms to 1m, with its unit: 500ms, 5s, 2m",
        "publish.emptyKey|none|null or empty",
        "grpc.maxCallsPerConnection|-1|a whole number from 0 to 2147483647",
        "sessions.max|1.5|a whole number from 1 to 2147483647",
        "schema.enabled|maybe|false or true",
        "sql.partitions|0|a whole number from 1 to 10000"
      })
  void valueOutsideItsBounds_isRefused(String key, String value, String allowed) {
    assertThat(start().arguments("--" + key + "=" + value).refusals())
        .containsExactly(
            key + ": " + value + " is not allowed; " + allowed + " (from the command line)");
  }

  @Test
  void unfinishedRequests_haveRoomForAFewMessages() {
    assertThat(start().arguments("--grpc.maxUnfinishedRequestBytes=8388607").refusals())
        .containsExactly(
            "grpc.maxUnfinishedRequestBytes: must be at least 4 times grpc.maxInboundMessageSize,"
                + " or 0 (from the command line)");
  }

  @Test
  void missingValue_isRefused() {
    assertThat(start().arguments("--grpc.port=").refusals())
        .containsExactly(
            "grpc.port: has no value; a whole number from 0 to 65535 (from the command line)");
  }

  @Test
  void schemaWithoutADocument_isRefused() {
    assertThat(start().arguments("--schema.enabled=true").refusals())
        .containsExactly(
            "schema.schemaURL: has no value; a file, or a URL of file:, classpath:, http: or"
                + " https:");
  }

  @Test
  void documentOfASwitchedOffSchema_isWarnedOf() {
    assertThat(start().arguments("--schema.schemaURL=a.yml").warnings())
        .containsExactly(
            "schema.schemaURL: does nothing, as schema.enabled is false (from the command line)");
  }

  @Test
  void schemaThatIsNotJson_isRefused() {
    assertThat(start().arguments("--schema.type=AVRO").refusals())
        .containsExactly("schema.type: AVRO is not allowed; JSON (from the command line)");
  }

  @Test
  void orderThatIsNoNumber_isRefused() {
    assertThat(start().file("layers.orders { a.B = first, c = 2 }").refusals())
        .singleElement()
        .asString()
        .startsWith("layers.orders.a.B: first is not allowed; a whole number (from the file ");
  }

  @Test
  void meaninglessKeysOfTheOriginal_areWarnedOf() {
    var start =
        start()
            .file("spring { a.b = c }\npulsar.serviceUrl = x")
            .property("logging.level", "debug")
            .arguments("--rsocket.port=1");
    var file = home.resolve("conf/liiklus.conf");
    assertThat(start.warnings())
        .containsExactlyInAnyOrder(
            "pulsar: means nothing here and is ignored (from the file " + file + ", line 2)",
            "spring: means nothing here and is ignored (from the file " + file + ", line 1)",
            "logging.level: means nothing here and is ignored (from a system property)",
            "rsocket.port: means nothing here and is ignored (from the command line)");
  }

  /** Each setting that a release of the original reads, and that has no meaning here. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "grpc.compression",
        "grpc.inProcessServerName",
        "rsocket.host",
        "rsocket.port",
        "rsocket.enabled",
        "dynamodb.endpoint",
        "dynamodb.autoCreateTable",
        "dynamodb.positionsTable",
        "pulsar.serviceUrl",
        "pulsar.tlsTrustCertsFilePath",
        "pulsar.authPluginClassName",
        "pulsar.authPluginParams.token",
        "awsmsk.endpoint",
        "awsmsk.arn",
        "awsmsk.certificateChain",
        "awsmsk.privateKey",
        "spring.profiles.active",
        "logging.level.root",
        "management.endpoints.web.exposure.include"
      })
  void settingOfTheOriginal_isNeverRefused(String key) {
    assertThat(start().arguments("--" + key + "=x").warnings())
        .containsExactly(key + ": means nothing here and is ignored (from the command line)");
    assertThat(start().property(key, "x").warnings()).singleElement().asString().startsWith(key);
    var variable = key.replace('.', '_');
    assertThat(start().variable(variable, "x").warnings())
        .singleElement()
        .asString()
        .contains(variable);
    assertThat(start().file(key + " = x").refusals()).isEmpty();
  }

  @Test
  void warnings_comeWithTheRefusal() {
    var start = start().arguments("--grpc.port=x", "--rsocket.port=1");
    assertThatThrownBy(start::load)
        .isInstanceOfSatisfying(
            SettingsException.class, refused -> assertThat(refused.warnings()).hasSize(1));
  }

  @Test
  void otherSystemProperties_areIgnored() {
    var start = start().property("java.x", "1").property("os.name", "x").property("server", "1");
    assertThat(start.refusals()).isEmpty();
  }

  @Test
  void unknownSystemPropertyUnderARoot_isRefused() {
    assertThat(start().property("grpc.prot", "1").refusals())
        .containsExactly(
            "grpc.prot: unknown key; did you mean grpc.port? (from a system property)");
  }

  @Test
  void wrongShapes_areRefused() {
    var refusals =
        start().file("grpc = 1, server.port = [1], read.timeout { a = 1 }, nonsense { a = 1 }");
    assertThat(refusals.refusals())
        .extracting(line -> line.substring(0, line.indexOf(" (from")))
        .containsExactlyInAnyOrder(
            "grpc: a block of keys is allowed",
            "server.port: a single value is allowed",
            "read.timeout: a single value is allowed",
            "nonsense: unknown key");
  }

  @Test
  void unparsableFile_isNamedWithTheLine() {
    assertThat(start().file("grpc {\n port = = 1 }").refusals())
        .singleElement()
        .asString()
        .startsWith("the file " + home.resolve("conf/liiklus.conf") + ": ")
        .contains(": 2: ");
  }

  @Test
  void unresolvedVariable_isNamedWithFileAndLine() {
    assertThat(start().file("server.port = 1\ngrpc.port = ${NOWHERE}").refusals())
        .containsExactly(
            ("the file %s, line 2: ${NOWHERE} is no variable of the environment and no key of the"
                    + " file; set it")
                .formatted(home.resolve("conf/liiklus.conf")));
  }

  @Test
  void variableInQuotes_isNamedWithFileAndLine() {
    assertThat(start().file("grpc {\n tls.keyPassword = \"${KEY_PASS}\" }").refusals())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith(
                        "grpc.tls.keyPassword: ${KEY_PASS} stands in quotes, where it is no")
                    .endsWith("conf/liiklus.conf, line 2)"));
    assertThat(start().file("kafka.properties.sasl.jaas.config = \"a=${A.B};\"").refusals())
        .anySatisfy(
            line ->
                assertThat(line).startsWith("kafka.properties.sasl.jaas.config: ${A.B} stands"));
  }

  @Test
  void windowForAcks_mustFitIntoTheShutdown() {
    assertThat(start().arguments("--shutdown.ackWindow=3s", "--shutdown.deadline=3s").refusals())
        .containsExactly(
            "shutdown.ackWindow: must be shorter than shutdown.deadline, which holds it (from the"
                + " command line)");
  }
}
