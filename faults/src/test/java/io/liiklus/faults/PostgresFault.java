package io.liiklus.faults;

import io.liiklus.faults.journal.Event.Assigned;
import io.liiklus.faults.journal.Event.ReceiveEnded;
import io.liiklus.faults.journal.Event.SubscribeEnded;
import java.time.Duration;

/** Faults of the database that has records, positions and groups. Nothing flows, nothing moves. */
enum PostgresFault implements Fault {
  AWAY("F6 PostgreSQL is stopped") {
    @Override
    public void inject(Stage stage) {
      var postgres = stage.deployment().postgres().primary();
      long sinceNs = stage.journal().nowNs();
      postgres.stop();
      try {
        stage.last(DURATION);
      } finally {
        postgres.restart();
      }
      requireNoRebalance(stage, sinceNs);
    }
  },

  HANGING("F6 PostgreSQL hangs") {
    @Override
    public void inject(Stage stage) {
      var postgres = stage.deployment().postgres().primary();
      long sinceNs = stage.journal().nowNs();
      postgres.pause();
      try {
        stage.last(DURATION);
      } finally {
        postgres.resume();
      }
      requireNoRebalance(stage, sinceNs);
    }
  },

  KILLED("kill -9 of PostgreSQL, which starts again") {
    @Override
    public void inject(Stage stage) {
      var postgres = stage.deployment().postgres().primary();
      long sinceNs = stage.journal().nowNs();
      postgres.kill();
      postgres.restart();
      requireNoRebalance(stage, sinceNs);
    }
  },

  FAILED_OVER("PostgreSQL fails over to its standby") {
    @Override
    public void inject(Stage stage) {
      stage.deployment().postgres().failOver();
      stage.awaitGoesOn();
    }
  };

  /** Longer than a gateway may be silent (10 s). */
  private static final Duration DURATION =
      Duration.ofSeconds(Boolean.getBoolean("liiklus.faults.heavy") ? 30 : 12);

  private final String title;

  PostgresFault(String title) {
    this.title = title;
  }

  @Override
  public String title() {
    return title;
  }

  /** All gateways lose the database at once: that is no reason to take one for dead. */
  private static void requireNoRebalance(Stage stage, long sinceNs) {
    stage.awaitCaughtUp();
    var assigned = stage.events(Assigned.class, sinceNs);
    var left = stage.events(SubscribeEnded.class, sinceNs);
    var ended = stage.events(ReceiveEnded.class, sinceNs);
    if (!assigned.isEmpty() || !left.isEmpty() || !ended.isEmpty()) {
      throw new AssertionError("not undisturbed: " + assigned + left + ended);
    }
  }
}
