package io.liiklus.faults;

import io.liiklus.faults.deployment.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The long form: rounds of faults drawn at random, each round on a topic of its own, a line for
 * each fault. Ends with 1 and the journal's place when anything was broken that may not be.
 */
final class Soak {

  private static final String USAGE = "Usage: bench/soak --minutes N [--seed N]";
  private static final int BAD_ARGUMENTS = 2;
  private static final int BROKEN = 1;
  private static final int FAULTS_OF_A_ROUND = 3;

  /** Those that need nothing but the load; the ones of the log itself bring their own topics. */
  private static final List<Fault> FAULTS =
      Stream.of(
              GatewayFault.values(),
              BrokerFault.values(),
              RedisFault.values(),
              ClientFault.values())
          .<Fault>flatMap(Stream::of)
          .toList();

  private final Deployment deployment;
  private final Baseline baseline;
  private final Random random;

  private Soak(Deployment deployment, Random random) {
    this.deployment = deployment;
    this.baseline = Baseline.of(deployment);
    this.random = random;
  }

  public static void main(String[] arguments) {
    var minutes = value(arguments, "--minutes");
    if (minutes < 1) {
      System.err.println(USAGE);
      System.exit(BAD_ARGUMENTS);
    }
    long given = value(arguments, "--seed");
    long seed = given < 0 ? new Random().nextInt(Integer.MAX_VALUE) : given;
    System.out.println("seed " + seed);
    boolean isWell;
    try (var deployment = Deployment.start()) {
      isWell = new Soak(deployment, new Random(seed)).run(Duration.ofMinutes(minutes));
    }
    System.exit(isWell ? 0 : BROKEN);
  }

  /** The number behind an option; -1 where it is not given. */
  private static long value(String[] arguments, String option) {
    for (int i = 0; i + 1 < arguments.length; i++) {
      if (arguments[i].equals(option) && arguments[i + 1].matches("\\d{1,9}")) {
        return Long.parseLong(arguments[i + 1]);
      }
    }
    return -1;
  }

  /** Whether nothing was broken that may not be. */
  private boolean run(Duration duration) {
    long endNs = System.nanoTime() + duration.toNanos();
    boolean isWell = true;
    for (int round = 1; isWell && System.nanoTime() < endNs; round++) {
      isWell = round("soak-" + round);
    }
    return isWell;
  }

  private boolean round(String topic) {
    var stage = Stage.open(deployment, topic, random);
    var problems = new ArrayList<String>();
    try (stage) {
      for (int number = 0; number < FAULTS_OF_A_ROUND && problems.isEmpty(); number++) {
        var run = FaultRun.of(FAULTS.get(random.nextInt(FAULTS.size())), stage);
        System.out.println(topic + " " + run.line());
        problems.addAll(run.problems());
      }
    } catch (RuntimeException | AssertionError broken) {
      problems.add(broken.toString());
    }
    if (problems.isEmpty()) {
      problems.addAll(baseline.leftovers(stage.groups()));
    }
    if (problems.isEmpty()) {
      forget(stage);
      return true;
    }
    problems.forEach(System.out::println);
    System.out.println("journals in " + stage.journal().file().getParent());
    return false;
  }

  private void forget(Stage stage) {
    deployment.kafka().deleteTopic(stage.topic());
    try {
      Files.delete(stage.journal().file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
