package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.UnpackedRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Text that is UTF-8 whatever the locale, through the start script and the jar. A file of shell
 * gives the arguments, as the JVM of this test may be under any locale too.
 */
class LocaleIT {

  private static final String SCRIPT = "exec 'a release/bin/liiklus'";

  @TempDir private Path folder;
  private UnpackedRelease release;

  private static Gateway gateway;
  private static GatewayClient client;

  private final String topic = "topic-" + UUID.randomUUID();

  @BeforeAll
  static void startGateway() {
    gateway = Gateway.start("--memory.partitions=1");
    client = new GatewayClient(gateway.port());
  }

  @AfterAll
  static void closeGateway() {
    client.close();
    gateway.close();
  }

  @BeforeEach
  void unpack() throws IOException {
    release = UnpackedRelease.in(folder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LC_ALL=C",
        "LC_ALL=POSIX",
        "LANG=",
        "LC_ALL=en_US.ISO-8859-1",
        "LC_ALL=C.UTF-8",
        // One that the system lacks, as ssh brings it from another machine.
        "LANG=C.UTF-8 LC_TIME=xx_XX.UTF-8",
      })
  void arguments_areUtf8(String locale) throws Exception {
    var published = run(locale, SCRIPT + " publish %s --key Ünï --header k=ä 'Wert ß' %s");
    var received = run(locale, SCRIPT + " receive %s --group gr-ü --count 1 --json %s");

    assertThat(published.err()).endsWith("liiklus: published 1 record to " + topic + "\n");
    assertThat(received.out())
        .contains("\"key\":\"Ünï\"", "\"value\":\"Wert ß\"", "{\"key\":\"k\",\"value\":\"ä\"}");
    assertThat(received.err()).contains("subscribed to " + topic + " as group gr-ü\n");
    assertThat(client.offsets(topic, "gr-ü", 0)).isEqualTo(Map.of(0, 0L));
  }

  @Test
  void standardInputAndOutput_areUtf8() throws Exception {
    var published = run("LC_ALL=C", "printf 'käse\\n' | " + SCRIPT + " publish %s - %s");
    var received = run("LC_ALL=C", SCRIPT + " receive %s --group g --count 1 %s");

    assertThat(published.exitCode()).isZero();
    assertThat(received.out()).endsWith("\tkäse\n");
  }

  @Test
  void argumentThatIsNotUtf8_isRefused() throws Exception {
    var run = run("LC_ALL=C", SCRIPT + " publish %s --key \"$(printf '\\374')\" a %s");

    assertThat(run.err())
        .isEqualTo(
            "liiklus: argument 4 has bytes that are not UTF-8, or U+FFFD, which stands for such\n");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(client.endOffsets(topic)).isEmpty();
  }

  @Test
  void jarUnderAnotherLocale_refusesArgumentsOfTheClient() throws Exception {
    var run =
        run(
            "LC_ALL=C",
            "exec \"$JAVA_HOME/bin/java\" -jar 'a release/lib/liiklus.jar'"
                + " publish %s --key Ünï a %s");

    assertThat(run.err())
        .startsWith("liiklus: argument 4 is not ASCII, and the locale's encoding is ")
        .endsWith("; start with bin/liiklus or LC_ALL=C.UTF-8\n");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(client.endOffsets(topic)).isEmpty();
  }

  @Test
  void jarUnderAUtf8Locale_publishes() throws Exception {
    var run =
        run(
            "LC_ALL=C.UTF-8",
            "exec \"$JAVA_HOME/bin/java\" -jar 'a release/lib/liiklus.jar' publish %s Ünï %s");

    assertThat(run.out()).isEqualTo("0:0\n");
  }

  @Test
  void jarUnderAnotherLocale_refusesSettings() throws Exception {
    var run =
        run(
            "LC_ALL=C",
            "kafka_properties_b=ä exec \"$JAVA_HOME/bin/java\" -jar 'a release/lib/liiklus.jar'"
                + " --check-config --redis.positionsProperties.prefix=ü");

    assertThat(run.err().lines().filter(line -> line.contains(": has bytes that are not UTF-8")))
        .hasSize(2)
        .anyMatch(line -> line.endsWith("(from the environment variable kafka_properties_b)"))
        .anyMatch(line -> line.startsWith("redis.positionsProperties.prefix: "));
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"LC_ALL=C", "LC_ALL=en_US.ISO-8859-1"})
  void settingsAndFolders_areUtf8(String locale) throws Exception {
    var call =
        call(
            locale,
            """
            cp -RP 'a release' 'rélease'
            printf 'kafka.properties.a = é' >'rélease/conf/ö.conf'
            kafka_properties_b=ä exec rélease/bin/liiklus --config rélease/conf/ö.conf \\
              --redis.positionsProperties.prefix=ü --grpc.port=0 --server.port=0 --grpc.host=127.0.0.1
            """);
    var process = release.start(call, Map.of());
    try {
      await()
          .atMost(UnpackedRelease.PATIENCE)
          .until(() -> !process.isAlive() || release.out(process).contains(": serving, "));
      process.destroy();

      assertThat(release.finish(process).out())
          .contains("setting redis.positionsProperties.prefix = ü (from the command line)\n")
          .contains(
              "setting kafka.properties.b = ä (from the environment variable kafka_properties_b)\n")
          .contains("setting kafka.properties.a = é (from the file ")
          .contains("rélease/conf/ö.conf, line 1)");
    } finally {
      process.destroyForcibly();
    }
  }

  /** Gives the shell the topic and the gateway's address where the command has %s. */
  private UnpackedRelease.Run run(String locale, String command) throws Exception {
    return release.run(
        call(locale, command.formatted(topic, "--address=127.0.0.1:" + gateway.port())), Map.of());
  }

  private Path call(String locale, String command) throws IOException {
    var file = Files.createTempFile(folder, "call", ".sh");
    Files.writeString(
        file,
        "#!/bin/sh\nunset LC_ALL LC_CTYPE LANG LANGUAGE\nexport " + locale + "\n" + command + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
