package io.liiklus.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--cases receive,nothing | --cases: nothing: no such case; --list tells them",
        "--seconds 0 | --seconds: 1 to 600 is allowed, got 0",
        "--warm-up 601 | --warm-up: 1 to 600 is allowed, got 601",
        "--pairs 51 | --pairs: 1 to 50 is allowed, got 51",
        "--pairs many | Invalid value for option '--pairs'",
        "--set grpc.port | '--set'",
        "--json | Missing required parameter for option '--json'",
        "receive | Unmatched argument",
      })
  void senselessArguments_areRefused(String arguments, String reason) {
    int code = run(arguments.split(" "));

    assertThat(code).isEqualTo(2);
    assertThat(err()).contains(reason);
    assertThat(out()).isEmpty();
  }

  @Test
  void prefix_selectsAllCasesThatBeginWithIt() {
    int code = run("--list", "--cases", "latency,start-memory");

    assertThat(code).isZero();
    assertThat(out().lines().map(line -> line.split(" ")[0]))
        .containsExactly("latency-500", "latency-5000", "start-memory");
  }

  @Test
  void wholeName_selectsOneCase() {
    run("--list", "--cases", "receive-100");

    assertThat(out()).startsWith("receive-100 ").hasLineCount(1);
  }

  @Test
  void caseNames_areDistinct() {
    run("--list");

    assertThat(out().lines().map(line -> line.split(" ")[0])).doesNotHaveDuplicates();
  }

  private int run(String... arguments) {
    return Bench.run(print(out), print(err), arguments);
  }

  private static PrintStream print(ByteArrayOutputStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
