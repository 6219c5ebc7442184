package io.liiklus.bench;

import io.liiklus.bench.cases.Cases;
import io.liiklus.bench.process.NotSupportedException;
import io.liiklus.bench.report.JsonReport;
import io.liiklus.bench.report.Result;
import io.liiklus.bench.report.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Command {@code bench/run}. Exit codes: 0, 1 where a case failed, 2 for bad arguments. Confined to
 * the main thread.
 */
@Command(
    name = "bench/run",
    description = "Measures the gateway beside bare clients of its storages that do the same work.",
    mixinStandardHelpOptions = true,
    footer = "bench/run jmh [REGEX] runs the micro-benchmarks.")
public final class Bench implements Callable<Integer> {

  private static final int MAX_SECONDS = 600;
  private static final int MAX_PAIRS = 50;
  private static final int MAX_TOPIC_MB = 10_000;
  private static final int MAX_LINGER_MS = 1_000;
  private static final int MAX_LIVE_MB = 1_000;

  private static final String BROKER_OPTIONS = "-Xms512m -Xmx1g";

  private final PrintStream out;

  @Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--list", description = "Tell the cases, and end.")
  private boolean isListWanted;

  @Option(
      names = "--cases",
      split = ",",
      paramLabel = "NAME",
      description = "Those of these names, or that begin so; without: all.")
  private List<String> names = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "Of each measured window: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "8",
      description = "Seconds of the same work before each window: ${DEFAULT-VALUE}.")
  private int warmUp;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often both sides are measured, in turn: ${DEFAULT-VALUE}.")
  private int pairs;

  @Option(
      names = "--topic-mb",
      paramLabel = "N",
      defaultValue = "300",
      description = "How much is in a topic that is read: ${DEFAULT-VALUE}.")
  private int topicMb;

  @Option(
      names = "--topic-linger",
      paramLabel = "MS",
      defaultValue = "50",
      description = {
        "How long the producer of such a topic waits for a batch of 64 KiB to fill:",
        "${DEFAULT-VALUE}. With 0 it does not: small batches, which cost more to read."
      })
  private int topicLingerMs;

  @Option(
      names = "--live-mb",
      paramLabel = "N",
      defaultValue = "10",
      description = "How much live-groups has written in a second: ${DEFAULT-VALUE}.")
  private int liveMb;

  @Option(
      names = "--gateway-opts",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description = "For the gateway's JVM.")
  private String gatewayOptions;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the gateway; may be given again.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--json", paramLabel = "FILE", description = "Write every figure there too.")
  private Path json;

  private Bench(PrintStream out) {
    this.out = out;
  }

  /** Runs the command and ends the process. */
  public static void main(String[] args) {
    System.setProperty("liiklus.testing.broker.options", BROKER_OPTIONS);
    System.exit(run(System.out, System.err, args));
  }

  /**
   * Runs the command in this thread.
   *
   * @return the exit code
   */
  static int run(PrintStream out, PrintStream err, String... args) {
    return new CommandLine(new Bench(out))
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
        .execute(args);
  }

  @Override
  public Integer call() throws IOException {
    var chosen = chosen();
    if (isListWanted) {
      chosen.forEach(one -> out.printf("%-28s %s%n", one.title(), one.what()));
      return 0;
    }
    requireWithin("--seconds", seconds, 1, MAX_SECONDS);
    requireWithin("--warm-up", warmUp, 1, MAX_SECONDS);
    requireWithin("--pairs", pairs, 1, MAX_PAIRS);
    requireWithin("--topic-mb", topicMb, 1, MAX_TOPIC_MB);
    requireWithin("--topic-linger", topicLingerMs, 0, MAX_LINGER_MS);
    requireWithin("--live-mb", liveMb, 1, MAX_LIVE_MB);
    var options =
        new Options(
            seconds, warmUp, pairs, topicMb, topicLingerMs, liveMb, gatewayOptions, settings);
    var results = new ArrayList<Result>();
    out.println(Machine.description());
    out.println(options + System.lineSeparator());
    try (var lab = new Lab(options)) {
      for (var one : chosen) {
        var result = measure(one, lab);
        results.add(result);
        out.println(Table.of(result));
      }
    }
    if (json != null) {
      try (var file = Files.newBufferedWriter(json)) {
        JsonReport.write(described(options), results, file);
      }
    }
    return results.stream().allMatch(result -> result.failure() == null) ? 0 : 1;
  }

  private List<Case> chosen() {
    try {
      return names.isEmpty() ? Cases.all() : Cases.named(names);
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec.commandLine(), "--cases: " + unknown.getMessage());
    }
  }

  private void requireWithin(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          spec.commandLine(), option + ": " + min + " to " + max + " is allowed, got " + value);
    }
  }

  private static Result measure(Case one, Lab lab) {
    try {
      return Result.of(one.title(), one.what(), one.run(lab));
    } catch (NotSupportedException known) {
      return Result.failed(one.title(), one.what(), known.getMessage());
    } catch (RuntimeException failure) {
      return Result.failed(one.title(), one.what(), "failed: " + failure.getMessage());
    }
  }

  private static Map<String, String> described(Options options) {
    var described = new LinkedHashMap<String, String>();
    described.put("machine", Machine.description());
    described.put("seconds", Integer.toString(options.seconds()));
    described.put("warm-up", Integer.toString(options.warmUpSeconds()));
    described.put("pairs", Integer.toString(options.pairs()));
    described.put("topic-mb", Integer.toString(options.topicMb()));
    described.put("topic-linger", Integer.toString(options.topicLingerMs()));
    described.put("live-mb", Integer.toString(options.liveMb()));
    described.put("gateway-opts", options.gatewayOptions());
    options.settings().forEach((key, value) -> described.put("set " + key, value));
    return described;
  }
}
