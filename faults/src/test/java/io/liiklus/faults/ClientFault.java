package io.liiklus.faults;

import io.liiklus.faults.journal.Event.Assigned;
import io.liiklus.faults.journal.Event.ReceiveEnded;
import io.liiklus.faults.journal.Event.SubscribeEnded;
import io.liiklus.faults.load.Member;
import io.liiklus.faults.load.Pace;
import java.time.Duration;
import java.util.List;

/** Faults of clients. */
enum ClientFault implements Fault {
  STALL("F4 a client stops reading one of its partitions") {
    @Override
    public void inject(Stage stage) {
      int partition = stage.random().nextInt(Stage.PARTITIONS);
      stage.fast().stall(partition);
      try {
        stage.last(STALL_DURATION);
        stage.awaitFlowBeside(partition, List.of(stage.fast()));
        stage.awaitFlow(List.of(stage.slow()));
      } finally {
        stage.fast().resume(partition);
      }
    }
  },

  CANCEL("F5 Receive is cancelled and called again") {
    @Override
    public void inject(Stage stage) {
      for (int round = 0; round < CANCEL_ROUNDS; round++) {
        stage.groups().forEach(group -> group.members().forEach(Member::cancelReceives));
        stage.awaitNewRecords();
      }
    }
  },

  CHURN("F12 members join and leave every 2 s") {
    @Override
    public void inject(Stage stage) {
      for (int round = 0; round < CHURN_ROUNDS; round++) {
        var group = stage.groups().get(round % 2);
        var member = group.join(round % 2 == 0 ? Pace.FAST : Pace.SLOW);
        stage.last(CHURN_PAUSE);
        group.leave(member);
      }
    }
  },

  ABUSE("F14 resets, garbage and oversized headers on the port") {
    @Override
    public void inject(Stage stage) {
      long sinceNs = stage.journal().nowNs();
      stage.deployment().gateways().forEach(PortAbuse::of);
      stage.awaitCaughtUp();
      var assigned = stage.events(Assigned.class, sinceNs);
      var left = stage.events(SubscribeEnded.class, sinceNs);
      var ended = stage.events(ReceiveEnded.class, sinceNs);
      if (!assigned.isEmpty() || !left.isEmpty() || !ended.isEmpty()) {
        throw new AssertionError("other clients noticed: " + assigned + left + ended);
      }
    }
  };

  private static final Duration STALL_DURATION = Duration.ofSeconds(4);
  private static final int CANCEL_ROUNDS = 30;
  private static final int CHURN_ROUNDS = Integer.getInteger("liiklus.faults.churnRounds", 8);
  private static final Duration CHURN_PAUSE = Duration.ofSeconds(2);

  private final String title;

  ClientFault(String title) {
    this.title = title;
  }

  @Override
  public String title() {
    return title;
  }
}
