package io.liiklus.faults;

import io.liiklus.faults.journal.Event.FaultBegan;
import io.liiklus.faults.journal.Event.FaultEnded;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One fault on a stage: it happens, heals, and is looked back on. Immutable. */
public record FaultRun(String title, long lastedMs, long recoveredMs, List<String> problems) {

  private static final int MOST_SHOWN = 10;

  /** Returns when all is well again; fails when it does not get well within the stage's bounds. */
  static FaultRun of(Fault fault, Stage stage) {
    var journal = stage.journal();
    stage.awaitBalanced();
    stage.awaitNewRecords();
    long beganNs = System.nanoTime();
    journal.add(new FaultBegan(journal.nowNs(), fault.title()));
    try {
      fault.inject(stage);
      long endedNs = System.nanoTime();
      journal.add(new FaultEnded(journal.nowNs(), fault.title()));
      stage.awaitCaughtUp();
      long recoveredNs = System.nanoTime();
      var problems = new ArrayList<String>();
      stage.violations().forEach(violation -> problems.add(violation.toString()));
      for (var gateway : stage.deployment().gateways()) {
        problems.addAll(gateway.log().problems(fault.excused()));
      }
      return new FaultRun(
          fault.title(),
          TimeUnit.NANOSECONDS.toMillis(endedNs - beganNs),
          TimeUnit.NANOSECONDS.toMillis(recoveredNs - endedNs),
          List.copyOf(problems));
    } finally {
      journal.flush();
    }
  }

  /** One line: what, for how long, and how long until all groups had caught up. */
  String line() {
    return "%-58s lasted %6d ms, caught up after %6d ms%s"
        .formatted(
            title,
            lastedMs,
            recoveredMs,
            problems.isEmpty() ? "" : ", " + problems.size() + " PROBLEMS");
  }

  /** The first problems. */
  String details() {
    return String.join("\n", problems.subList(0, Math.min(MOST_SHOWN, problems.size())));
  }
}
