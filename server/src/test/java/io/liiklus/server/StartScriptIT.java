package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.server.gateway.UnpackedRelease;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start script with the jar that was built, laid out as a release whose path has blanks. */
class StartScriptIT {

  /** All that the script calls but java. */
  private static final List<String> TOOLS = List.of("sh", "dirname", "readlink", "sed", "cat");

  @TempDir private Path folder;
  private UnpackedRelease release;

  @BeforeEach
  void unpack() throws IOException {
    release = UnpackedRelease.in(folder);
  }

  @Test
  void script_runsFromAnyFolderThroughSymlinks() throws Exception {
    var links = Files.createDirectory(folder.resolve("other links"));
    Files.createSymbolicLink(links.resolve("first"), Path.of("../a release/bin/liiklus"));
    var second = Files.createSymbolicLink(links.resolve("second"), Path.of("first"));

    var run = release.run(second, Map.of(), "--version");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("liiklus ").hasLineCount(1);
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void help_namesTheClientAndNeedsNoJava() throws Exception {
    var run = release.run(release.script(), Map.of("JAVA_HOME", "/nowhere"), "--help");

    assertThat(run.out()).contains("liiklus publish", "liiklus receive", "--check-config");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void unknownSetting_isNamedWithExitCode2() throws Exception {
    var run = release.run(release.script(), Map.of(), "--check-config", "--grpc.prt=7000");

    assertThat(run.err()).contains("grpc.prt");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void checkOfSettings_countsItsWarnings() throws Exception {
    var right =
        release.run(
            release.script(),
            Map.of("redis_uri", "redis://h\n", "kafka_bootstrapServers", "b:9092"),
            "--check-config");
    var warned =
        release.run(
            release.script(),
            Map.of("kafka_bootstrapServers", "b:9092"),
            "--check-config",
            "--storage.records.type=MEMORY");

    assertThat(right.out())
        .startsWith("the settings are right; records are in KAFKA, positions in REDIS; read ");
    assertThat(right.err()).isEmpty();
    assertThat(warned.out()).startsWith("the settings can be used, with 1 warning; records are in");
    assertThat(warned.err()).contains("kafka.bootstrapServers: no effect");
    assertThat(List.of(right.exitCode(), warned.exitCode())).containsOnly(0);
  }

  @Test
  void options_comeFromTheFileAndJavaOptsIsStronger() throws Exception {
    Files.writeString(
        release.home().resolve("conf/jvm.options"),
        """
        # A comment, and a blank line.

        -Dprobe.file="from file"
        -Dprobe.both=file
        """);
    var options = "-XshowSettings:properties -Dprobe.both=environment -Dprobe.stars=*";

    var run = release.run(release.script(), Map.of("JAVA_OPTS", options), "--version");

    assertThat(run.err())
        .contains("probe.file = from file\n")
        .contains("probe.both = environment\n")
        .contains("probe.stars = *\n")
        .contains("liiklus.home = " + release.home().toRealPath() + "\n");
  }

  @Test
  void otherCollector_mayBeNamed() throws Exception {
    var options = "-XX:+UseSerialGC -Xlog:gc*:stdout";

    var run = release.run(release.script(), Map.of("JAVA_OPTS", options), "--version");

    assertThat(run.out()).contains("Using Serial").contains("liiklus ");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void jarsInLibExt_areOnTheClassPath() throws Exception {
    Files.createFile(release.home().resolve("lib/ext/callbacks.jar"));

    var run =
        release.run(
            release.script(), Map.of("JAVA_OPTS", "-XshowSettings:properties"), "--version");

    assertThat(run.err()).contains("a release/lib/ext/callbacks.jar");
  }

  @Test
  void javaHomeWithoutJava_isNamed() throws Exception {
    var run = release.run(release.script(), Map.of("JAVA_HOME", "/nowhere"), "--version");

    assertThat(run.err())
        .isEqualTo(
            "liiklus: no Java in JAVA_HOME: /nowhere/bin/java is not there;"
                + " Java 17 or newer is needed\n");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void missingJava_isReportedWithWhatIsNeeded() throws Exception {
    var tools = Files.createDirectory(folder.resolve("tools"));
    for (var tool : TOOLS) {
      Files.createSymbolicLink(tools.resolve(tool), find(tool));
    }

    var run =
        release.run(
            release.script(), Map.of("JAVA_HOME", "", "PATH", tools.toString()), "--version");

    assertThat(run.err())
        .isEqualTo("liiklus: no java on the PATH and no JAVA_HOME; Java 17 or newer is needed\n");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void tooOldJava_isNamed() throws Exception {
    var java = folder.resolve("old java/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\necho '    java.specification.version = 1.8' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();

    var run =
        release.run(
            release.script(),
            Map.of("JAVA_HOME", folder.resolve("old java").toString()),
            "--version");

    assertThat(run.err())
        .isEqualTo("liiklus: " + java + " is Java 8; Java 17 or newer is needed\n");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void javaVersion_isReadWithoutStartingIt() throws Exception {
    var home = Files.createDirectories(folder.resolve("another java"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
    var java = Files.createDirectory(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho started\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();

    var run = release.run(release.script(), Map.of("JAVA_HOME", home.toString()), "--version");

    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo("liiklus: " + java + " is Java 8; Java 17 or newer is needed\n");
  }

  @Test
  void client_runsFromTheSameScript() throws Exception {
    var address = "127.0.0.1:" + freePort();

    var run =
        release.run(
            release.script(),
            Map.of(),
            "publish",
            "orders",
            "@value",
            "--wait=1",
            "--address",
            address);

    assertThat(run.err())
        .endsWith("liiklus: UNAVAILABLE: no gateway at " + address + ": Connection refused\n")
        .doesNotContain("SLF4J", "Exception");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void clientThatPublishes_waitsForAGatewayThatStarts() throws Exception {
    int port = freePort();
    var writer =
        release.start(
            release.script(), Map.of(), "publish", "orders", "x", "--address=127.0.0.1:" + port);
    await()
        .atMost(UnpackedRelease.PATIENCE)
        .until(() -> release.err(writer).contains("; waiting 30 s for a gateway\n"));
    var gateway = startGateway(port);
    try {
      var published = release.finish(writer);

      assertThat(published.err())
          .endsWith("liiklus: going on\nliiklus: published 1 record to orders\n");
      assertThat(published.out()).isEqualTo("0:0\n");
      assertThat(published.exitCode()).isZero();
    } finally {
      gateway.destroyForcibly();
    }
  }

  @Test
  void gateway_endsQuietlyOnSigterm() throws Exception {
    int port = freePort();
    var process = startGateway(port);
    try {
      awaitServing(process, port);
      process.destroy();

      var run = release.finish(process);

      assertThat(run.err()).isEmpty();
      assertThat(run.out()).doesNotContain("ERROR", "Exception");
      assertThat(run.exitCode()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void client_receivesWhatItPublishes() throws Exception {
    int port = freePort();
    var address = "--address=127.0.0.1:" + port;
    var gateway = startGateway(port);
    try {
      awaitServing(gateway, port);

      var published =
          release.run(
              release.script(), Map.of(), "publish", "greetings", "--key=en", "hello", address);
      var received =
          release.run(
              release.script(),
              Map.of(),
              "receive",
              "greetings",
              "--group=g",
              "--count=1",
              address);

      assertThat(published.exitCode()).isZero();
      assertThat(received.exitCode()).isZero();
      assertThat(received.out()).endsWith("\ten\thello\n");
    } finally {
      gateway.destroyForcibly();
    }
  }

  @Test
  void clientWaitingForAMissingTopic_saysSo() throws Exception {
    int port = freePort();
    var address = "--address=127.0.0.1:" + port;
    var gateway = startGateway(port);
    try {
      awaitServing(gateway, port);
      var reader =
          release.start(
              release.script(), Map.of(), "receive", "later", "--group=g", "--count=1", address);
      await()
          .atMost(UnpackedRelease.PATIENCE)
          .until(() -> release.err(reader).contains("the topic is not there yet"));

      release.run(release.script(), Map.of(), "publish", "later", "hello", address);

      var received = release.finish(reader);
      assertThat(received.exitCode()).isZero();
      assertThat(received.out()).endsWith("\thello\n");
    } finally {
      gateway.destroyForcibly();
    }
  }

  private static Path find(String tool) {
    for (var folder : System.getenv("PATH").split(":")) {
      var path = Path.of(folder, tool);
      if (Files.isExecutable(path)) {
        return path;
      }
    }
    throw new AssertionError(tool + " is not on the PATH");
  }

  private Process startGateway(int port) throws IOException {
    return release.start(
        release.script(), Map.of(), "--grpc.port=" + port, "--server.port=" + freePort());
  }

  /** Or until it has ended, which the test then tells. */
  private static void awaitServing(Process gateway, int port) {
    await().atMost(UnpackedRelease.PATIENCE).until(() -> !gateway.isAlive() || accepts(port));
  }

  private static boolean accepts(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
