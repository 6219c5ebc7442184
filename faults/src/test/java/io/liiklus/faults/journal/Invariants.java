package io.liiklus.faults.journal;

import io.liiklus.faults.journal.Event.Published;
import io.liiklus.faults.journal.History.Receive;
import io.liiklus.faults.journal.Violation.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Rules that hold whatever broke. Pure functions of the events and of the log's contents, which
 * must have been read after the last event. Immutable.
 */
public final class Invariants {

  private Invariants() {}

  /**
   * All of them.
   *
   * @param groups those that begin at the start of the log, and had the time to receive all of it
   */
  public static List<Violation> check(History history, LogContents log, Collection<String> groups) {
    var found = new ArrayList<Violation>();
    found.addAll(publishedStays(history, log));
    found.addAll(nothingIsStoredTwice(log));
    found.addAll(keysKeepTheirOrder(history));
    groups.forEach(group -> found.addAll(publishedIsReceived(history, log, group)));
    for (var receive : history.receives()) {
      found.addAll(offsetsRise(receive));
      found.addAll(nothingBetweenIsLeftOut(receive, log));
      found.addAll(receivedIsWhatTheLogHas(receive, log));
    }
    found.addAll(Starts.check(history, log, groups));
    history
        .surprises()
        .forEach(
            one -> found.add(new Violation(Kind.SURPRISE, one.member() + " met " + one.what())));
    return found;
  }

  static List<Violation> publishedStays(History history, LogContents log) {
    return history.published().stream()
        .filter(one -> one.offset() >= log.start(one.partition()))
        .filter(one -> !one.id().equals(log.records(one.partition()).get(one.offset())))
        .map(
            one ->
                new Violation(
                    Kind.PUBLISH_LOST,
                    "%s was answered partition %d offset %d; the log has %s there"
                        .formatted(
                            one.id(),
                            one.partition(),
                            one.offset(),
                            log.records(one.partition()).get(one.offset()))))
        .toList();
  }

  static List<Violation> nothingIsStoredTwice(LogContents log) {
    var seen = new HashSet<String>();
    var found = new ArrayList<Violation>();
    for (int partition : log.partitions()) {
      log.records(partition)
          .forEach(
              (offset, id) -> {
                if (!seen.add(id)) {
                  found.add(
                      new Violation(
                          Kind.STORED_TWICE,
                          "%s, again at partition %d offset %d".formatted(id, partition, offset)));
                }
              });
    }
    return found;
  }

  /** Of those answered OK: the next of a key was published when the one before was answered. */
  static List<Violation> keysKeepTheirOrder(History history) {
    var last = new HashMap<String, Published>();
    var found = new ArrayList<Violation>();
    for (var one : history.published()) {
      var before = last.put(one.key(), one);
      boolean isAbove =
          before == null
              || (before.partition() == one.partition() && before.offset() < one.offset());
      if (!isAbove) {
        found.add(new Violation(Kind.KEY_OUT_OF_ORDER, one + " after " + before));
      }
    }
    return found;
  }

  static List<Violation> publishedIsReceived(History history, LogContents log, String group) {
    var received = received(history, group);
    return history.published().stream()
        .filter(one -> one.offset() >= log.start(one.partition()))
        .filter(one -> !received.getOrDefault(one.partition(), Set.of()).contains(one.offset()))
        .map(one -> new Violation(Kind.NOT_RECEIVED, "by group " + group + ": " + one))
        .toList();
  }

  /** Of a log that nobody writes any more: also records that no gateway published. */
  public static List<Violation> logIsReceived(History history, LogContents log, String group) {
    var received = received(history, group);
    var found = new ArrayList<Violation>();
    for (int partition : log.partitions()) {
      var missing = new TreeMap<>(log.records(partition));
      missing.keySet().removeAll(received.getOrDefault(partition, Set.of()));
      if (!missing.isEmpty()) {
        found.add(
            new Violation(
                Kind.NOT_RECEIVED,
                "by group %s of partition %d: %s".formatted(group, partition, missing)));
      }
    }
    return found;
  }

  private static Map<Integer, Set<Long>> received(History history, String group) {
    var received = new HashMap<Integer, Set<Long>>();
    for (var receive : history.receives()) {
      if (receive.opened().group().equals(group)) {
        var offsets =
            received.computeIfAbsent(receive.opened().partition(), none -> new HashSet<>());
        receive.records().forEach(record -> offsets.add(record.offset()));
      }
    }
    return received;
  }

  static List<Violation> offsetsRise(Receive receive) {
    var found = new ArrayList<Violation>();
    var records = receive.records();
    for (int i = 1; i < records.size(); i++) {
      if (records.get(i).offset() <= records.get(i - 1).offset()) {
        found.add(
            new Violation(
                Kind.STEP_BACK, records.get(i) + " after " + records.get(i - 1) + in(receive)));
      }
    }
    return found;
  }

  static List<Violation> nothingBetweenIsLeftOut(Receive receive, LogContents log) {
    var found = new ArrayList<Violation>();
    var records = receive.records();
    var held = log.records(receive.opened().partition());
    for (int i = 1; i < records.size(); i++) {
      long from = records.get(i - 1).offset();
      long to = records.get(i).offset();
      if (from < to && !held.subMap(from, false, to, false).isEmpty()) {
        found.add(
            new Violation(
                Kind.GAP,
                "%d came after %d, between them are %s%s"
                    .formatted(to, from, held.subMap(from, false, to, false), in(receive))));
      }
    }
    return found;
  }

  static List<Violation> receivedIsWhatTheLogHas(Receive receive, LogContents log) {
    int partition = receive.opened().partition();
    var held = log.records(partition);
    return receive.records().stream()
        .filter(one -> one.offset() >= log.start(partition))
        .filter(one -> !one.id().equals(held.get(one.offset())))
        .map(
            one ->
                new Violation(
                    Kind.FOREIGN, one + ", the log has " + held.get(one.offset()) + in(receive)))
        .toList();
  }

  static String in(Receive receive) {
    return ", in " + receive.opened();
  }
}
