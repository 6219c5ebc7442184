package io.liiklus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.faults.deployment.Gateway;
import io.liiklus.faults.deployment.Release;
import io.liiklus.testing.ServerFolder;
import io.liiklus.testing.ServerProcess;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Examples of clients, by the commands of their READMEs, through a kill of the gateway. Those whose
 * toolchain is not here are left out, unless {@code liiklus.examples.required} is set.
 */
class ExamplesIT {

  private static final boolean IS_REQUIRED = Boolean.getBoolean("liiklus.examples.required");
  private static final Duration BUILD_BOUND = Duration.ofMinutes(5);
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String FEED = "seq 1 10 | ";
  private static final int RECORDS = 200;

  private static Gateway gateway;

  private final Path folder = ServerFolder.create("example");

  @BeforeAll
  static void start() {
    gateway = Gateway.embedded("gateway-examples");
    gateway.start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  /** Commands of a README, each on a line of its first listing. */
  private record Commands(String install, String build, String publisher, String consumer) {

    static Commands of(Path example) throws IOException {
      var readme = Files.readString(example.resolve("README.md"));
      var lines = readme.split("```sh\n", 2)[1].split("```", 2)[0].lines().toList();
      assertThat(lines).hasSize(4);
      assertThat(lines.get(2)).startsWith(FEED);
      return new Commands(
          lines.get(0), lines.get(1), lines.get(2).substring(FEED.length()), lines.get(3));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          java   | command -v java
          python | command -v protoc grpc_python_plugin && /usr/bin/python3 -c 'import grpc'
          node   | npm ping --fetch-retries=0 --fetch-timeout=5000
          go     | command -v go protoc-gen-go protoc-gen-go-grpc
          ruby   | command -v protoc grpc_ruby_plugin && ruby -rgrpc -e ''
          cpp    | command -v g++ protoc grpc_cpp_plugin && pkg-config --exists grpc++
          """)
  void consumerPrintsWhatPublisherWrote_throughKillOfGateway(String language, String probe)
      throws Exception {
    if (!IS_REQUIRED) {
      assumeThat(run(probe).awaitExitCode(BUILD_BOUND)).as("toolchain of " + language).isZero();
    }
    var commands = Commands.of(example(language));
    // That of Java is a module, and was made before this one.
    if (!language.equals("java")) {
      var build = run(in(example(language), commands.build()));
      assertThat(build.awaitExitCode(BUILD_BOUND)).as(build.tail()).isZero();
    }
    var lines = IntStream.range(0, RECORDS).mapToObj(i -> language + " " + i + " õäöü").toList();
    var target = " 127.0.0.1:" + gateway.grpcPort() + " lines-of-" + language;

    var fifo = folder.resolve("lines");
    assertThat(run("mkfifo lines").awaitExitCode(BOUND)).isZero();
    var consumer = start("consumer", language, commands.consumer() + target + " group");
    var publisher = start("publisher", language, commands.publisher() + target + " < " + fifo);
    try (var feed = Files.newBufferedWriter(fifo)) {
      write(feed, lines.subList(0, RECORDS / 2));
      awaitPrinted(consumer, lines.subList(0, RECORDS / 2));
      gateway.kill();
      write(feed, lines.subList(RECORDS / 2, RECORDS));
      gateway.start();
    }
    assertThat(publisher.awaitExitCode(BOUND)).as(publisher.tail()).isZero();
    awaitPrinted(consumer, lines);
    consumer.kill();
  }

  private static void write(BufferedWriter feed, List<String> lines) throws IOException {
    for (var line : lines) {
      feed.write(line);
      feed.newLine();
    }
    feed.flush();
  }

  /** In order, where what came again is left out. */
  private void awaitPrinted(ServerProcess consumer, List<String> lines) {
    await()
        .atMost(BOUND)
        .untilAsserted(
            () -> {
              assertThat(consumer.isAlive()).as(consumer.tail()).isTrue();
              var printed = new LinkedHashSet<>(Files.readAllLines(folder.resolve("consumer.out")));
              assertThat(printed).as(consumer.tail()).containsExactlyElementsOf(lines);
            });
  }

  private ServerProcess start(String name, String language, String command) {
    var out = folder.resolve(name + ".out");
    return ServerProcess.start(
        folder, name + ".log", List.of("sh", "-c", in(example(language), command + " > " + out)));
  }

  private ServerProcess run(String command) {
    return ServerProcess.start(folder, "command.log", List.of("sh", "-c", command));
  }

  private static String in(Path folder, String command) {
    return "cd " + folder + " && " + command;
  }

  private static Path example(String language) {
    return Release.checkout().resolve("examples").resolve(language);
  }
}
