package io.liiklus.faults;

import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.deployment.Deployment.Positions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The long form: rounds of faults drawn at random, each round on a topic of its own, and a fault of
 * the log itself behind each; a line for each fault. Ends with 1 and the journal's place when a
 * promise was broken. Confined to the main thread.
 */
final class Soak {

  private static final String USAGE = "Usage: bench/soak --minutes N [--seed N]";
  private static final int BAD_ARGUMENTS = 2;
  private static final int BROKEN = 1;
  private static final int FAULTS_OF_A_ROUND = 3;

  /** Those that need nothing but the load. */
  private static final List<Fault> FAULTS =
      Stream.of(GatewayFault.values(), BrokerFault.values(), ClientFault.values())
          .<Fault>flatMap(Stream::of)
          .toList();

  /** As the positions are in Redis, PostgreSQL, DynamoDB or Kafka. */
  private static List<Fault> faults(Deployment deployment) {
    var all = new ArrayList<>(FAULTS);
    if (deployment.positions() != Positions.KAFKA) {
      all.remove(BrokerFault.KILL_LEADER_OF_POSITIONS);
      all.addAll(List.of(PositionsFault.AWAY, PositionsFault.HANGING));
    }
    if (deployment.positionsRelay().isPresent()) {
      all.add(PositionsFault.SLOW);
    }
    if (deployment.positions() == Positions.DYNAMODB) {
      all.add(PositionsFault.THROTTLED);
    }
    return all;
  }

  /** One of them follows each round. */
  private static final List<TopicFault> TOPIC_FAULTS =
      Stream.of(
              Stream.of(LogFault.values()),
              Stream.of(KafkaFeature.values()),
              Stream.of(new ColdStart()))
          .<TopicFault>flatMap(faults -> faults)
          .toList();

  private final Deployment deployment;
  private final Random random;

  private Soak(Deployment deployment, Random random) {
    this.deployment = deployment;
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
    try (var deployment = SharedDeployment.get()) {
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
      isWell = round("soak-" + round) && topicFault("soak-log-" + round);
    }
    return isWell;
  }

  private boolean topicFault(String topic) {
    var fault = TOPIC_FAULTS.get(random.nextInt(TOPIC_FAULTS.size()));
    long beganNs = System.nanoTime();
    try {
      fault.happen(topic);
    } catch (Exception | AssertionError broken) {
      System.out.printf("%s %s: %s%n", topic, fault.title(), broken);
      return false;
    }
    long lastedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs);
    System.out.println(topic + " %-56s went as promised, %d ms".formatted(fault.title(), lastedMs));
    deployment.kafka().deleteTopic(topic);
    return true;
  }

  private boolean round(String topic) {
    var stage = Stage.open(deployment, topic, random);
    var problems = new ArrayList<String>();
    try (stage) {
      for (int number = 0; number < FAULTS_OF_A_ROUND && problems.isEmpty(); number++) {
        var faults = faults(deployment);
        var run = FaultRun.of(faults.get(random.nextInt(faults.size())), stage);
        System.out.println(topic + " " + run.line());
        problems.addAll(run.problems());
      }
    } catch (RuntimeException | AssertionError broken) {
      problems.add(broken.toString());
    }
    if (problems.isEmpty()) {
      problems.addAll(SharedDeployment.baseline().leftovers(stage.groups()));
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
