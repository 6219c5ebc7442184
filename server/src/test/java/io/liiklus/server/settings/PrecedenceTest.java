package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecedenceTest {

  @TempDir Path home;

  private Start start() {
    return new Start(home);
  }

  @Test
  void reference_givesTheDefault() {
    assertThat(start().grpcPort()).isEqualTo(6565);
  }

  @Test
  void file_isStrongerThanTheReference() {
    assertThat(start().file("grpc.port = 1").grpcPort()).isEqualTo(1);
  }

  @Test
  void environment_isStrongerThanTheFile() {
    var start = start().file("grpc.port = 1").variable("grpc_port", "2");
    assertThat(start.grpcPort()).isEqualTo(2);
  }

  @Test
  void systemProperty_isStrongerThanTheEnvironment() {
    var start = start().variable("grpc_port", "2").property("grpc.port", "3");
    assertThat(start.grpcPort()).isEqualTo(3);
  }

  @Test
  void commandLine_isStrongerThanASystemProperty() {
    var start = start().property("grpc.port", "3").arguments("--grpc.port=4");
    assertThat(start.grpcPort()).isEqualTo(4);
  }

  @Test
  void commandLine_takesTheValueAsTheNextArgument() {
    assertThat(start().arguments("--grpc.port", "5").grpcPort()).isEqualTo(5);
  }

  @Test
  void fileOfTheCommandLine_takesThePlaceOfAllOthers() {
    start().write("a.conf", "grpc.port = 1").write("b.conf", "grpc.port = 2");
    var start =
        start()
            .file("grpc.port = 3")
            .property("config.file", home.resolve("b.conf").toString())
            .arguments("--config", home.resolve("a.conf").toString());
    assertThat(start.grpcPort()).isEqualTo(1);
  }

  @Test
  void fileOfASystemProperty_takesThePlaceOfTheUsualOne() {
    start().write("b.conf", "grpc.port = 2");
    var start =
        start().file("grpc.port = 3").property("config.file", home.resolve("b.conf").toString());
    assertThat(start.grpcPort()).isEqualTo(2);
  }

  @Test
  void missingFile_isFineAndTheLogSaysWhereItWasLookedFor() {
    assertThat(start().load().source())
        .isEqualTo("no file; looked for " + home.resolve("conf/liiklus.conf"));
  }

  @Test
  void log_saysWhichFileWasRead() {
    assertThat(start().file("grpc.port = 3").load().source())
        .isEqualTo("the file " + home.resolve("conf/liiklus.conf"));
  }

  @Test
  void missingNamedFile_isRefused() {
    var missing = home.resolve("missing.conf");
    assertThat(start().arguments("--config=" + missing).refusals())
        .containsExactly("--config: there is no file " + missing);
    assertThat(start().property("config.file", missing.toString()).refusals())
        .containsExactly("-Dconfig.file: there is no file " + missing);
  }

  @Test
  void file_substitutesItsOwnKeysAndTheEnvironment() {
    var start =
        start()
            .file("server.port = ${PORT}\ngrpc.port = ${server.port}\nserver.enabled = false")
            .variable("PORT", "77");
    assertThat(start.server().ops().address().port()).isEqualTo(77);
    assertThat(start.grpcPort()).isEqualTo(77);
  }

  @Test
  void nullInTheFile_isLikeAnAbsentKey() {
    assertThat(start().file("grpc { port = null }, redis = null").grpcPort()).isEqualTo(6565);
  }

  @Test
  void settingsFileThatIsAFileUri_isRead() {
    var start =
        start()
            .write("a b.conf", "grpc.port = 7")
            .arguments("--config=file:" + home + "/a%20b.conf");
    assertThat(start.grpcPort()).isEqualTo(7);
  }

  @Test
  void effectiveSettings_nameWhatWasSetAndByWhom() {
    var start =
        start()
            .file("# ports\ngrpc.port = 7000")
            .variable("SERVER_PORT", "7001")
            .property("kafka.properties.a.b", "c")
            .arguments("--threads.io=2");
    var file = home.resolve("conf/liiklus.conf");
    assertThat(start.load().changed())
        .containsExactly(
            "grpc.port = 7000 (from the file " + file + ", line 2)",
            "kafka.properties.a.b = c (from a system property)",
            "server.port = 7001 (from the environment variable SERVER_PORT)",
            "threads.io = 2 (from the command line)",
            "storage.records.type = SQL (as none of kafka.bootstrapServers, sql.url is set)",
            "storage.positions.type = SQL (as records are in SQL too)");
  }
}
