package io.liiklus.faults;

import io.liiklus.faults.journal.Event.FaultBegan;
import io.liiklus.faults.journal.Event.FaultEnded;
import io.liiklus.faults.journal.Pause;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * One fault on a stage: it occurs, heals, and is checked. Immutable.
 *
 * @param wentOnMs how long after it happened all had caught up although it was not healed; empty
 *     where nothing goes on until it is
 * @param lastedMs how long after it happened it was healed
 * @param recoveredMs how long after that all had caught up
 * @param pause the longest that a group waited for a record of a partition; null where none waited
 */
record FaultRun(
    String title,
    OptionalLong wentOnMs,
    long lastedMs,
    long recoveredMs,
    Pause pause,
    List<String> problems) {

  private static final int MOST_SHOWN = 10;

  /** Returns when all is well again; fails when it does not get well within the stage's bounds. */
  static FaultRun of(Fault fault, Stage stage) {
    var journal = stage.journal();
    stage.awaitBalanced();
    stage.awaitNewRecords();
    long beganNs = System.nanoTime();
    long sinceNs = journal.nowNs();
    journal.add(new FaultBegan(sinceNs, fault.title()));
    try {
      fault.inject(stage);
      long endedNs = System.nanoTime();
      var wentOnNs = stage.takeWentOnNs();
      journal.add(new FaultEnded(journal.nowNs(), fault.title()));
      stage.awaitCaughtUp();
      long recoveredNs = System.nanoTime();
      var pause = stage.longestPause(sinceNs);
      var problems = new ArrayList<String>();
      stage.violations().forEach(violation -> problems.add(violation.toString()));
      for (var gateway : stage.deployment().gateways()) {
        problems.addAll(gateway.log().problems(fault.excused()));
      }
      if (isTooLong(pause, fault)) {
        problems.add("a group waited longer than %s: %s".formatted(fault.pauseBound(), pause));
      }
      return new FaultRun(
          fault.title(),
          wentOnNs.isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(ms(wentOnNs.getAsLong() - beganNs)),
          ms(endedNs - beganNs),
          ms(recoveredNs - endedNs),
          pause,
          List.copyOf(problems));
    } finally {
      journal.flush();
    }
  }

  private static boolean isTooLong(Pause pause, Fault fault) {
    return pause != null
        && fault.pauseBound().stream().anyMatch(bound -> pause.lastedNs() > bound.toNanos());
  }

  private static long ms(long ns) {
    return TimeUnit.NANOSECONDS.toMillis(ns);
  }

  /** One line of the measured times. */
  String line() {
    var wentOn = wentOnMs.isEmpty() ? "" : "went on after %d ms, ".formatted(wentOnMs.getAsLong());
    var broken = problems.isEmpty() ? "" : ", %d PROBLEMS".formatted(problems.size());
    return "%-56s %shealed after %d ms, caught up %d ms later, longest pause %d ms%s"
        .formatted(
            title, wentOn, lastedMs, recoveredMs, pause == null ? 0 : ms(pause.lastedNs()), broken);
  }

  /** The first problems. */
  String details() {
    return String.join("\n", problems.subList(0, Math.min(MOST_SHOWN, problems.size())));
  }
}
