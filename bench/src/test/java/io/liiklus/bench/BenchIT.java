package io.liiklus.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Some short cases, with all the processes that they take. */
class BenchIT {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void cases_areMeasuredAndReported() {
    var print = new PrintStream(out, true, StandardCharsets.UTF_8);

    int code =
        Bench.run(
            print,
            print,
            "--cases=receive-10000,latency-500",
            "--seconds=1",
            "--warm-up=1",
            "--pairs=1",
            "--topic-mb=8");

    var table = out.toString(StandardCharsets.UTF_8);
    assertThat(code).as(table).isZero();
    assertThat(table).contains("records/s", "CPU us/record", "p99.9 ms");
  }

  @Test
  void casesOfDatabases_areMeasuredBesideLoopsOfJdbc() {
    var print = new PrintStream(out, true, StandardCharsets.UTF_8);

    int code =
        Bench.run(
            print,
            print,
            "--cases=sqlite-latency-500,postgres-receive-batched",
            "--seconds=1",
            "--warm-up=1",
            "--pairs=1",
            "--topic-mb=1");

    var table = out.toString(StandardCharsets.UTF_8);
    assertThat(code).as(table).isZero();
    assertThat(table).contains("gateway : bare", "records/s", "CPU us/record", "p99.9 ms");
  }
}
