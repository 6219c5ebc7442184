package io.liiklus.faults.journal;

import io.liiklus.faults.journal.History.Ack;
import io.liiklus.faults.journal.History.Place;
import io.liiklus.faults.journal.History.Receive;
import io.liiklus.faults.journal.Violation.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Offsets at which a Receive may begin. A position is a register that acks write and a Receive
 * reads between its call and its first record. A write takes effect once, at some moment of its
 * call, or not at all where it was not answered OK; one that was given up may take effect a while
 * later. So an ack may be what the Receive read unless another one, begun after it was over, was
 * answered OK before the Receive was called. Immutable.
 */
final class Starts {

  /** Position of a group that has none: before the first offset. */
  private static final long NONE = -1;

  private Starts() {}

  /** Of the groups that begin at the start of the log. */
  static List<Violation> check(History history, LogContents log, Collection<String> groups) {
    var byPlace = new HashMap<Place, List<Ack>>();
    for (var ack : history.acks()) {
      byPlace.computeIfAbsent(ack.place(), none -> new ArrayList<>()).add(ack);
    }
    var found = new ArrayList<Violation>();
    for (var receive : history.receives()) {
      boolean isAsked = groups.contains(receive.opened().group());
      if (isAsked && !receive.records().isEmpty()) {
        check(receive, byPlace, log, found);
      }
    }
    return found;
  }

  private static void check(
      Receive receive, Map<Place, List<Ack>> byPlace, LogContents log, List<Violation> found) {
    var acks = byPlace.getOrDefault(receive.place(), List.of());
    long calledNs = receive.opened().atNs();
    long first = receive.records().get(0).offset();
    long begunNs = receive.records().get(0).atNs();
    long lastOverwrittenNs = lastBegunOfStored(acks, calledNs);
    long lowest = lastOverwrittenNs == Long.MIN_VALUE ? NONE : Long.MAX_VALUE;
    long highest = NONE;
    for (var ack : acks) {
      boolean mayBeRead = ack.sent().atNs() <= begunNs && ack.latestNs() >= lastOverwrittenNs;
      if (mayBeRead) {
        lowest = Math.min(lowest, ack.sent().offset());
        highest = Math.max(highest, ack.sent().offset());
      }
    }
    if (first <= lowest) {
      found.add(
          new Violation(
              Kind.ACKED_AGAIN,
              "began at %d, the position was at least %d%s"
                  .formatted(first, lowest, Invariants.in(receive))));
    }
    var due = log.records(receive.opened().partition()).higherKey(highest);
    if (due != null && due < first) {
      found.add(
          new Violation(
              Kind.SKIPPED,
              "began at %d, the position was at most %d and %d is there%s"
                  .formatted(first, highest, due, Invariants.in(receive))));
    }
  }

  /** When the last ack began that was answered OK before the Receive was called. */
  private static long lastBegunOfStored(List<Ack> acks, long calledNs) {
    return acks.stream()
        .filter(ack -> ack.isStored() && ack.latestNs() < calledNs)
        .mapToLong(ack -> ack.sent().atNs())
        .max()
        .orElse(Long.MIN_VALUE);
  }
}
