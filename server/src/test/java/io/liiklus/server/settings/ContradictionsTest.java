package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContradictionsTest {

  @TempDir Path home;

  private Start start(String... settings) {
    return new Start(home).arguments(settings);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "127.0.0.1, 0.0.0.0",
    "::, 127.0.0.1",
    "127.0.0.1, 127.0.0.1",
    "localhost, 127.0.0.1",
    "no-such-host.invalid, No-Such-Host.invalid"
  })
  void onePortForBothServers_isRefused(String host, String other) {
    assertThat(
            start("--grpc.host=" + host, "--server.host=" + other, "--server.port=6565").refusals())
        .containsExactly(
            "server.port: is 6565 as the other of grpc.port and server.port is: two ports, or 0 for"
                + " any free one (from the command line)");
  }

  @Test
  void portOfTheOtherServersDefault_isRefusedByTheKeyThatWasSet() {
    assertThat(start("--grpc.port=8080").refusals())
        .singleElement()
        .asString()
        .startsWith("grpc.port: is 8080 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--grpc.host=127.0.0.1 --server.host=127.0.0.2 --server.port=6565",
        "--grpc.port=0 --server.port=0",
        "--server.enabled=false --server.port=6565",
        "--grpc.enabled=false --server.port=6565"
      })
  void portsThatDoNotMeet_areFine(String settings) {
    assertThat(start(settings.split(" ")).refusals()).isEmpty();
  }

  @Test
  void noServerAtAll_isRefused() {
    assertThat(start("--grpc.enabled=false", "--server.enabled=false").refusals())
        .containsExactly(
            "grpc.enabled: is false as server.enabled is: nothing would be served (from the command"
                + " line)");
  }

  @Test
  void settingsOfAStorageThatIsNotInUse_areWarnedOfInOneLine() {
    var start =
        start(
            "--kafka.bootstrapServers=b:1",
            "--kafka.properties.acks=all",
            "--redis.host=h",
            "--storage.records.type=MEMORY",
            "--storage.positions.type=MEMORY");
    assertThat(start.warnings())
        .containsExactly(
            "kafka.bootstrapServers, kafka.properties.acks: no effect, as records are in MEMORY and"
                + " positions in MEMORY",
            "redis.host: no effect, as records are in MEMORY and positions in MEMORY");
  }

  @Test
  void settingsOfMemory_areWarnedOfWhereNothingIsInMemory() {
    var start = start("--kafka.bootstrapServers=b:1", "--redis.host=h", "--memory.partitions=3");
    assertThat(start.warnings())
        .containsExactly(
            "memory.partitions: no effect, as records are in KAFKA and positions in REDIS");
    var half = start("--kafka.bootstrapServers=b:1", "--storage.positions.type=MEMORY");
    assertThat(half.arguments("--memory.maxPositions=3").warnings()).isEmpty();
  }

  @Test
  void emptySettingOfAStorageThatIsNotInUse_isNoWarning() {
    assertThat(start("--kafka.bootstrapServers=", "--redis.host=").warnings()).isEmpty();
  }
}
