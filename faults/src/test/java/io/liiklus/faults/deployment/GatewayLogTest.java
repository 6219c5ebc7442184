package io.liiklus.faults.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayLogTest {

  private static final String TIME = "2026-11-24T14:31:17.974Z ";

  @TempDir private Path folder;
  private GatewayLog log;

  @BeforeEach
  void open() throws IOException {
    log = new GatewayLog(folder.resolve("gateway.log"));
    append(TIME + "INFO  [main] Main: serving, grpc.port=6565");
    append(TIME + "WARN  [main] Main: ERROR is only a word here, at home(");
  }

  @Test
  void linesBelowError_areNoProblem() {
    assertThat(log.problems(List.of())).isEmpty();
  }

  @Test
  void error_isOneProblem() throws IOException {
    append(TIME + "ERROR [liiklus-io-0] StartPositions: the log was cut, topic=t");

    assertThat(log.problems(List.of())).hasSize(1);
    assertThat(log.problems(List.of())).isEmpty();
  }

  @Test
  void stackTrace_isAProblemAtAnyLevel() throws IOException {
    append(TIME + "WARN  [liiklus-io-0] Loop: strange");
    append("java.lang.IllegalStateException: strange");
    append("\tat io.liiklus.server.Main.main(Main.java:1)");
    append(TIME + "INFO  [main] Main: shut down");

    assertThat(log.problems(List.of()))
        .singleElement()
        .asString()
        .contains("strange", "Main.java:1")
        .doesNotContain("shut down");
  }

  @Test
  void excusedError_isNoProblem() throws IOException {
    append(TIME + "ERROR [liiklus-io-0] StartPositions: the log was cut, topic=t");
    append("\tat io.liiklus.server.Main.main(Main.java:1)");

    assertThat(log.problems(List.of(Pattern.compile("the log was cut")))).isEmpty();
  }

  @Test
  void leak_isNeverExcused() throws IOException {
    append(TIME + "ERROR [liiklus-io-0] ResourceLeakDetector: LEAK: release() was not called");

    assertThat(log.problems(List.of(Pattern.compile(".*LEAK.*")))).hasSize(1);
  }

  private void append(String line) throws IOException {
    Files.writeString(
        log.file(), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
