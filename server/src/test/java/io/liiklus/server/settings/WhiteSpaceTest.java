package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.GatewayOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blanks and line breaks around values, as files of secrets have them. */
class WhiteSpaceTest {

  @TempDir Path home;

  private Start start() {
    return new Start(home);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h\n", "h\r\n", " h", "\th \n\n"})
  void valueOfAnySource_isReadWithoutIt(String text) {
    var quoted = text.replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n");
    assertHost(start().variable("server_host", text));
    assertHost(start().property("server.host", text));
    assertHost(start().arguments("--server.host=" + text));
    assertHost(start().arguments("--server.host", text));
    assertHost(start().file("server.host = \"" + quoted + "\""));
    assertHost(start().file("server.host = ${HOST}").variable("HOST", text));
  }

  private static void assertHost(Start start) {
    var loaded = start.load();
    assertThat(GatewayOptions.read(loaded.settings()).ops().address().host()).isEqualTo("h");
    assertThat(loaded.changed()).anyMatch(line -> line.startsWith("server.host = h (from "));
  }

  @Test
  void entryOfAnOpenMap_isReadWithoutIt() {
    var start =
        start()
            .file("kafka.properties.a = \"1\\n\"")
            .variable("kafka_properties_b", "2\n")
            .property("kafka.properties.c", "3\n")
            .arguments("--kafka.properties.d=4\n");
    assertThat(start.load().changed())
        .extracting(line -> line.substring(0, line.indexOf(" (")))
        .contains(
            "kafka.properties.a = 1",
            "kafka.properties.b = 2",
            "kafka.properties.c = 3",
            "kafka.properties.d = 4");
  }

  @Test
  void variableWithinAValueOfTheFile_isReadWithoutIt() {
    var start =
        start()
            .file("redis.host = \"a.\"${NAME}\".z\"")
            .variable("NAME", "secret\n")
            .variable("storage_positions_type", "REDIS\n");
    assertThat(start.load().changed())
        .anyMatch(line -> line.startsWith("redis.host = a.secret.z "));
  }

  @Test
  void whiteSpaceWithinAValue_stays() {
    assertThat(start().file("kafka.properties.a = \" x  y\\n z \"").load().changed())
        .anyMatch(line -> line.startsWith("kafka.properties.a = x  y z "));
  }

  @Test
  void valueOfNothingElse_isNone() {
    assertThat(start().variable("grpc_port", " \n").refusals())
        .containsExactly(
            "grpc.port: has no value; a whole number from 0 to 65535 (from the environment variable"
                + " grpc_port)");
    assertThat(start().variable("redis_host", " \n").load().positions().type()).isEqualTo("SQL");
  }

  @Test
  void spellingsThatDifferInItAlone_agree() {
    var start = start().variable("grpc_port", "7\n").variable("GRPC_PORT", "7");
    assertThat(start.grpcPort()).isEqualTo(7);
  }

  @Test
  void nameOfTheFile_isReadWithoutIt() {
    var file = home.resolve("a.conf");
    start().write("a.conf", "grpc.port = 1");
    assertThat(start().arguments("--config", file + "\n").grpcPort()).isEqualTo(1);
    assertThat(start().property("config.file", file + "\n").grpcPort()).isEqualTo(1);
  }
}
