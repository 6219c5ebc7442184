package io.liiklus.bench.process;

import io.liiklus.bench.report.Figures;
import io.liiklus.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Client in a JVM of its own, so that its processor time is known apart from that of others. Bare
 * clients and those of the gateway run with the same options. Confined to one thread.
 */
public final class WorkerProcess implements AutoCloseable {

  /** Exit code of a worker whose gateway does not know the call. */
  public static final int NOT_SUPPORTED = 3;

  /** For more than its work takes: to start, to end, and a machine that is busy. */
  private static final Duration SLACK = Duration.ofSeconds(150);

  private static final List<String> OPTIONS =
      List.of(
          "-Xms512m",
          "-Xmx512m",
          // Streams that are read slowly hold up to 8 MiB each.
          "-XX:MaxDirectMemorySize=2g",
          "--enable-native-access=ALL-UNNAMED",
          "-Dlogback.configurationFile=bench-logback.xml");

  private final ServerProcess process;
  private final Path log;
  private final Duration bound;
  private final String kind;

  private WorkerProcess(ServerProcess process, Path log, Duration bound, String kind) {
    this.process = process;
    this.log = log;
    this.bound = bound;
    this.kind = kind;
  }

  /**
   * Starts the work.
   *
   * @param duration how long the work takes by its order
   */
  public static WorkerProcess start(WorkOrder order, Duration duration, String mainClass) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.add("-Djava.io.tmpdir=" + Logs.folder());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(order.arguments());
    var folder = Logs.folder();
    var name = Logs.nextName(order.kind());
    return new WorkerProcess(
        ServerProcess.start(folder, name, command),
        folder.resolve(name),
        duration.plus(SLACK),
        order.kind());
  }

  /** Waits for its end, which is bounded. */
  public Figures figures() {
    int code = process.awaitExitCode(bound);
    if (code == NOT_SUPPORTED) {
      throw new NotSupportedException();
    }
    if (code != 0) {
      var how = code < 0 ? "has not ended within " + bound : "ended with " + code;
      process.kill();
      throw new IllegalStateException("worker " + kind + " " + how + "\n" + process.tail());
    }
    try {
      return Files.readAllLines(log).stream()
          .filter(line -> line.startsWith("{"))
          .reduce((first, last) -> last)
          .map(Figures::parse)
          .orElseThrow(() -> new IllegalStateException("no figures\n" + process.tail()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails where it has ended. */
  public void requireRunning() {
    if (!process.isAlive()) {
      throw new IllegalStateException("worker " + kind + " has ended\n" + process.tail());
    }
  }

  @Override
  public void close() {
    process.kill();
  }
}
