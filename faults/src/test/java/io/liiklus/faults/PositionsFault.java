package io.liiklus.faults;

import io.liiklus.faults.journal.Event.Assigned;
import io.liiklus.faults.journal.Event.ReceiveEnded;
import io.liiklus.faults.journal.Event.SubscribeEnded;
import io.liiklus.faults.load.Group;
import io.liiklus.faults.load.Pace;
import java.time.Duration;
import java.util.List;

/**
 * Faults of a server that has the positions and no records. Records flow on, and no partition
 * moves.
 */
enum PositionsFault implements Fault {
  AWAY("F6 the server of the positions is away") {
    @Override
    void inject(Stage stage, Duration duration) {
      var server = stage.deployment().positionsServer();
      outage(stage, duration, server.stop(), server.restart());
    }
  },

  HANGING("F6 the server of the positions hangs") {
    @Override
    void inject(Stage stage, Duration duration) {
      var server = stage.deployment().positionsServer();
      outage(stage, duration, server.pause(), server.resume());
    }
  },

  ONE_NODE_GONE("F6 one node of three of the positions is gone") {
    @Override
    void inject(Stage stage, Duration duration) {
      var node = stage.deployment().cassandra().last();
      node.kill();
      try {
        stage.last(duration);
        stage.awaitFlow(List.of(stage.fast()));
      } finally {
        node.restart();
      }
    }
  },

  SLOW("F6 the server of the positions answers 500 ms later") {
    @Override
    void inject(Stage stage, Duration duration) {
      var relay = stage.deployment().positionsRelay().orElseThrow();
      relay.delay(DELAY);
      try {
        stage.last(duration);
        stage.awaitFlow(List.of(stage.fast()));
      } finally {
        relay.delay(Duration.ZERO);
      }
    }
  },

  /** Of DynamoDB alone. */
  THROTTLED("F6 the positions are throttled") {
    @Override
    void inject(Stage stage, Duration duration) {
      var errors = stage.deployment().dynamo().errors();
      outage(stage, duration, errors::throttle, errors::pass);
    }
  };

  private static final Duration DELAY = Duration.ofMillis(500);

  /** Longer than an Ack waits for the server (5 s). */
  private static final Duration DURATION =
      Duration.ofSeconds(Integer.getInteger("liiklus.faults.positionsSeconds", 8));

  private final String title;

  PositionsFault(String title) {
    this.title = title;
  }

  abstract void inject(Stage stage, Duration duration);

  @Override
  public String title() {
    return title;
  }

  @Override
  public void inject(Stage stage) {
    long sinceNs = stage.journal().nowNs();
    var names = stage.groups().stream().map(Group::name).toList();
    inject(stage, DURATION);
    requireNoRebalance(stage, sinceNs, names);
  }

  /** Nobody reads or writes a position meanwhile. */
  private static void outage(Stage stage, Duration duration, Runnable begin, Runnable end) {
    begin.run();
    try {
      var newcomers = newcomers(stage);
      stage.last(duration);
      stage.awaitFlow(List.of(stage.fast()));
      requireThatItWaits(stage, newcomers);
    } finally {
      end.run();
    }
  }

  private static Group newcomers(Stage stage) {
    var group = stage.group(stage.topic() + "-newcomers-" + stage.groups().size());
    group.join(Pace.FAST);
    return group;
  }

  /** A position that cannot be read is not taken for none. */
  private static void requireThatItWaits(Stage stage, Group newcomers) {
    var assigned =
        stage.events(Assigned.class, 0).stream()
            .filter(one -> one.group().equals(newcomers.name()))
            .toList();
    if (!assigned.isEmpty()) {
      throw new AssertionError("assigned without positions: " + assigned);
    }
  }

  private static void requireNoRebalance(Stage stage, long sinceNs, List<String> groups) {
    var assigned =
        stage.events(Assigned.class, sinceNs).stream()
            .filter(one -> groups.contains(one.group()))
            .toList();
    var left = stage.events(SubscribeEnded.class, sinceNs);
    var ended = stage.events(ReceiveEnded.class, sinceNs);
    if (!assigned.isEmpty() || !left.isEmpty() || !ended.isEmpty()) {
      throw new AssertionError("not undisturbed: " + assigned + left + ended);
    }
  }
}
