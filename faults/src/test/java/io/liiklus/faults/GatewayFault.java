package io.liiklus.faults;

import static org.awaitility.Awaitility.await;

import io.liiklus.faults.deployment.Gateway;
import io.liiklus.faults.journal.Event.AckEnded;
import io.liiklus.faults.journal.Event.AckSent;
import io.liiklus.faults.journal.Event.Assigned;
import io.liiklus.faults.journal.Event.GatewayPaused;
import io.liiklus.faults.journal.Event.GatewayResumed;
import io.liiklus.faults.journal.Event.PublishFailed;
import io.liiklus.faults.journal.Event.ReceiveEnded;
import io.liiklus.faults.journal.Event.SubscribeEnded;
import io.liiklus.faults.load.Group;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Faults of a gateway's process. */
enum GatewayFault implements Fault {
  KILL("F1 kill -9 of a gateway") {
    @Override
    public void inject(Stage stage) {
      var gateway = any(stage);
      gateway.kill();
      try {
        stage.awaitGoesOn();
      } finally {
        gateway.start();
      }
    }
  },

  TERMINATE("F2 SIGTERM of a gateway under load") {
    @Override
    public void inject(Stage stage) {
      var gateway = any(stage);
      terminate(stage, gateway);
      try {
        stage.awaitGoesOn();
      } finally {
        gateway.start();
      }
    }

    @Override
    public Optional<Duration> pauseBound() {
      return Optional.of(PAUSE_BOUND);
    }
  },

  ROLLING_RESTART("F2 rolling restart of both gateways") {
    @Override
    public void inject(Stage stage) {
      for (var gateway : stage.deployment().gateways()) {
        terminate(stage, gateway);
        gateway.start();
      }
    }

    @Override
    public Optional<Duration> pauseBound() {
      return Optional.of(PAUSE_BOUND);
    }
  },

  PAUSE("F3 SIGSTOP of a gateway past the session timeout") {
    @Override
    public void inject(Stage stage) {
      var gateway = any(stage);
      var journal = stage.journal();
      journal.add(new GatewayPaused(journal.nowNs(), gateway.name()));
      gateway.pause();
      try {
        // The group goes on elsewhere: that it does means that the session has timed out.
        stage.awaitGoesOn();
        stage.last(BEYOND_THE_MOVE);
      } finally {
        gateway.resume();
        journal.add(new GatewayResumed(journal.nowNs(), gateway.name()));
      }
    }
  };

  /** How long the owner of a group that went on elsewhere is still stopped. */
  private static final Duration BEYOND_THE_MOVE = Duration.ofSeconds(2);

  /** A partition that moved later than this was not given up: its member timed out (10 s). */
  private static final Duration MOVE_BOUND = Duration.ofSeconds(8);

  /** A gateway that ends hands its partitions over, so that their groups hardly notice. */
  private static final Duration PAUSE_BOUND = Duration.ofSeconds(3);

  private static final int TERMINATED = 143;

  private final String title;

  GatewayFault(String title) {
    this.title = title;
  }

  @Override
  public String title() {
    return title;
  }

  /** One that has partitions: nothing happens to a group when another one ends. */
  private static Gateway any(Stage stage) {
    var gateways =
        stage.deployment().gateways().stream()
            .filter(
                gateway ->
                    stage.groups().stream()
                        .anyMatch(group -> !held(stage, group, gateway).partitions().isEmpty()))
            .toList();
    return gateways.get(stage.random().nextInt(gateways.size()));
  }

  /** Returns when the process has ended and all of its partitions are assigned elsewhere. */
  private static void terminate(Stage stage, Gateway gateway) {
    long sinceNs = stage.journal().nowNs();
    var held = stage.groups().stream().map(group -> held(stage, group, gateway)).toList();
    gateway.terminate();
    await("partitions of " + gateway.name() + " are assigned elsewhere")
        .atMost(MOVE_BOUND)
        .until(() -> held.stream().allMatch(group -> group.isMoved(stage, sinceNs)));
    int exitCode = gateway.awaitEnd();
    if (exitCode != TERMINATED) {
      throw new AssertionError(gateway.name() + " ended with " + exitCode);
    }
    requireAcksStored(stage, gateway, sinceNs);
    requireNothingButUnavailable(stage, sinceNs);
  }

  /**
   * A Receive may end with OK, where its partition moves, and be cancelled by a client that goes.
   */
  private static void requireNothingButUnavailable(Stage stage, long sinceNs) {
    var failed =
        Stream.of(
                stage.events(SubscribeEnded.class, sinceNs).stream().map(SubscribeEnded::status),
                stage.events(PublishFailed.class, sinceNs).stream().map(PublishFailed::status),
                stage.events(ReceiveEnded.class, sinceNs).stream()
                    .map(ReceiveEnded::status)
                    .filter(status -> !status.equals("OK") && !status.equals("CANCELLED")))
            .flatMap(statuses -> statuses)
            .toList();
    if (failed.stream().anyMatch(status -> !status.contains("UNAVAILABLE"))) {
      throw new AssertionError("calls ended otherwise than as UNAVAILABLE: " + failed);
    }
  }

  /**
   * Acks under way at SIGTERM, and those of clients that ack their last records while it drains,
   * and then go: none is refused.
   */
  private static void requireAcksStored(Stage stage, Gateway gateway, long sinceNs) {
    var sent = new HashSet<Long>();
    for (var ack : stage.events(AckSent.class, 0)) {
      if (ack.gateway().equals(gateway.name())) {
        sent.add(ack.ack());
      }
    }
    for (var ended : stage.events(AckEnded.class, sinceNs)) {
      if (sent.contains(ended.ack()) && !ended.status().equals("OK")) {
        throw new AssertionError("an ack was not stored by a gateway that drains: " + ended);
      }
    }
  }

  /** The partitions of a group that were last assigned on this gateway. */
  private static Held held(Stage stage, Group group, Gateway gateway) {
    var partitions = new HashSet<Integer>();
    for (var assigned : stage.events(Assigned.class, 0)) {
      if (assigned.group().equals(group.name())) {
        if (assigned.gateway().equals(gateway.name())) {
          partitions.add(assigned.partition());
        } else {
          partitions.remove(assigned.partition());
        }
      }
    }
    return new Held(group.name(), gateway.name(), List.copyOf(partitions));
  }

  private record Held(String group, String gateway, List<Integer> partitions) {

    boolean isMoved(Stage stage, long sinceNs) {
      var assignedElsewhere =
          stage.events(Assigned.class, sinceNs).stream()
              .filter(one -> one.group().equals(group) && !one.gateway().equals(gateway))
              .map(Assigned::partition)
              .toList();
      return assignedElsewhere.containsAll(partitions);
    }
  }
}
