package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

  @TempDir Path home;

  private Start start() {
    return new Start(home);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kafka_bootstrapServers",
        "KAFKA_BOOTSTRAP_SERVERS",
        "KAFKA_BOOTSTRAPSERVERS",
        "kafka.bootstrapServers",
        "kafka.bootstrap-servers"
      })
  void variable_setsTheKeyOfTheSameLettersWhateverItsSeparatorsAndCase(String name) {
    var start = start().variable(name, "b:9092").variable("storage_positions_type", "MEMORY");
    assertThat(start.load().records().type()).isEqualTo("KAFKA");
  }

  @Test
  void quickStartOfTheOriginal_works() {
    var loaded =
        start()
            .variable("kafka_bootstrapServers", "localhost:9092")
            .variable("storage_positions_type", "MEMORY")
            .load();
    assertThat(loaded.records().type()).isEqualTo("KAFKA");
    assertThat(loaded.positions().type()).isEqualTo("MEMORY");
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  void agreeingSpellings_areFine() {
    var start = start().variable("grpc_port", "7").variable("GRPC_PORT", "7");
    assertThat(start.grpcPort()).isEqualTo(7);
  }

  @Test
  void disagreeingSpellings_areRefused() {
    var start = start().variable("grpc_port", "7").variable("GRPC_PORT", "8");
    assertThat(start.refusals())
        .containsExactly(
            "grpc.port: the environment variables GRPC_PORT and grpc_port set it to different"
                + " values");
  }

  @Test
  void variableUnderARootThatSetsNothing_isWarnedOf() {
    var start = start().variable("REDIS_SERVICE_HOST", "10.0.0.1").variable("kafka_prot", "1");
    assertThat(start.warnings())
        .containsExactly(
            "environment variable REDIS_SERVICE_HOST: begins like the keys of redis, but there is"
                + " no such key",
            "environment variable kafka_prot: begins like the keys of kafka, but there is no such"
                + " key");
  }

  @Test
  void otherVariables_areIgnored() {
    var start =
        start()
            .variable("PATH", "/bin")
            .variable("SERVERLESS", "1")
            .variable("READLINE_MODE", "vi")
            .variable("LIIKLUS_PORT", "tcp://10.0.0.1:6565");
    assertThat(start.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
        "GRPC_VERBOSITY",
        "GRPC_EXPERIMENTAL_PICKFIRST_LB_CONFIG",
        "GRPC_XDS_BOOTSTRAP"
      })
  void variableThatGrpcReads_isNotWarnedOf(String name) {
    assertThat(start().variable(name, "x").warnings()).isEmpty();
  }

  @Test
  void variableLikeOneOfGrpc_isWarnedOf() {
    assertThat(start().variable("GRPC_TRACES", "x").warnings()).hasSize(1);
  }

  @Test
  void portOfAContainerPlatform_isIgnoredWithAWarning() {
    var start =
        start()
            .file("redis.port = 7, redis.host = h, kafka.bootstrapServers = \"b:1\"")
            .variable("REDIS_PORT", "tcp://10.0.0.1:6379");
    assertThat(start.load().changed()).anyMatch(line -> line.startsWith("redis.port = 7 "));
    assertThat(start.warnings())
        .containsExactly(
            "redis.port: a tcp:// value, as container platforms set it, is ignored (from the"
                + " environment variable REDIS_PORT)");
  }

  @Test
  void meaninglessVariableOfTheOriginal_isWarnedOf() {
    var start = start().variable("rsocket_port", "8081").variable("SPRING_PROFILES_ACTIVE", "a");
    assertThat(start.warnings())
        .containsExactly(
            "SPRING_PROFILES_ACTIVE: means nothing here and is ignored (from the environment)",
            "rsocket_port: means nothing here and is ignored (from the environment)");
  }
}
