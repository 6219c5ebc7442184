package io.liiklus.faults;

import static org.awaitility.Awaitility.await;

import io.liiklus.faults.deployment.Address;
import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.journal.Event;
import io.liiklus.faults.journal.Event.Published;
import io.liiklus.faults.journal.History;
import io.liiklus.faults.journal.Invariants;
import io.liiklus.faults.journal.Journal;
import io.liiklus.faults.journal.Pause;
import io.liiklus.faults.journal.Violation;
import io.liiklus.faults.load.Group;
import io.liiklus.faults.load.Load;
import io.liiklus.faults.load.LogReader;
import io.liiklus.faults.load.Pace;
import io.liiklus.faults.load.Plan;
import io.liiklus.testing.ServerFolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Topic with its load and two groups, one fast and one slow, of members on both gateways; or a
 * topic alone, for a fault that brings its own; and the journal of the events. Thread-safe, but one
 * thread at a time should break and check.
 */
final class Stage implements AutoCloseable {

  static final int PARTITIONS = 6;
  private static final int RECORDS_PER_SECOND = 120;
  private static final int MEMBERS = 3;

  /** How long anything may take to heal, from the end of a fault, on a busy machine. */
  static final Duration RECOVERY_BOUND = Duration.ofSeconds(90);

  /** Of anything that is too much to be read by people. */
  private static final int MOST_SHOWN = 5;

  private static final int NO_PARTITION = -1;
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Deployment deployment;
  private final String topic;
  private final Journal journal;
  private final Random random;
  private final List<Group> groups = new ArrayList<>();
  private final Set<Violation> told = new HashSet<>();
  private final Load load;

  /** In {@link System#nanoTime()}; 0 where it was not awaited. */
  private long wentOnNs;

  private Stage(
      Deployment deployment, String topic, Journal journal, Random random, int recordsPerSecond) {
    this.deployment = deployment;
    this.topic = topic;
    this.random = random;
    this.journal = journal;
    this.load =
        recordsPerSecond == 0
            ? null
            : Load.start(topic, deployment.addresses(), journal, recordsPerSecond);
  }

  /** Returns when each group receives. */
  static Stage open(Deployment deployment, String topic, Random random) {
    deployment.createTopic(topic, PARTITIONS);
    var stage = new Stage(deployment, topic, journal(topic), random, RECORDS_PER_SECOND);
    try {
      for (var pace : List.of(Pace.FAST, Pace.SLOW)) {
        var group = stage.group(topic + (pace.equals(Pace.FAST) ? "-fast" : "-slow"));
        for (int member = 0; member < MEMBERS; member++) {
          group.join(pace);
        }
      }
      stage.awaitCaughtUp();
      return stage;
    } catch (RuntimeException | Error e) {
      stage.close();
      throw e;
    }
  }

  /** A topic that is there, without load and without groups. */
  static Stage quiet(Deployment deployment, String topic, String journal) {
    return new Stage(deployment, topic, journal(journal), new Random(1), 0);
  }

  /** A file of its own. */
  static Journal journal(String name) {
    return new Journal(ServerFolder.root().resolveSibling("journals").resolve(name));
  }

  Deployment deployment() {
    return deployment;
  }

  Journal journal() {
    return journal;
  }

  Random random() {
    return random;
  }

  List<Group> groups() {
    return groups;
  }

  Group fast() {
    return groups.get(0);
  }

  Group slow() {
    return groups.get(1);
  }

  String topic() {
    return topic;
  }

  /** A further group, which begins at the start of the topic and has no members yet. */
  Group group(String name) {
    return group(name, deployment.addresses());
  }

  /** As {@link #group(String)}; its members reach the gateways at these addresses. */
  Group group(String name, List<Address> addresses) {
    var group = new Group(new Plan(topic, name, false), addresses, journal);
    groups.add(group);
    return group;
  }

  /**
   * A group that begins at the end of the topic: records that it has not received are no violation.
   */
  Group latestGroup(String name) {
    return new Group(new Plan(topic, name, true), deployment.addresses(), journal);
  }

  /** Lets the fault last. */
  void last(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during a fault", e);
    }
  }

  /**
   * Returns once these groups have received the records answered OK from now on, but of a
   * partition.
   */
  void awaitFlowBeside(int partition, List<Group> by) {
    var before = new HashSet<>(published());
    awaitNewRecords();
    var fresh = published().stream().filter(one -> !before.contains(one));
    awaitReceived(fresh.filter(one -> one.partition() != partition).toList(), by);
  }

  /** Returns once these groups have received the records answered OK from now on. */
  void awaitFlow(List<Group> by) {
    awaitFlowBeside(NO_PARTITION, by);
  }

  /** As {@link #awaitCaughtUp}, while the fault lasts: all goes on in spite of it. */
  void awaitGoesOn() {
    awaitCaughtUp();
    wentOnNs = System.nanoTime();
  }

  /** When all went on in spite of the fault, if it did and that was awaited. */
  OptionalLong takeWentOnNs() {
    long taken = wentOnNs;
    wentOnNs = 0;
    return taken == 0 ? OptionalLong.empty() : OptionalLong.of(taken);
  }

  /** Returns once new records are answered OK and each group has received all that were. */
  void awaitCaughtUp() {
    awaitNewRecords();
    awaitReceived(published(), groups);
  }

  /**
   * Returns once each group has all partitions, and its members have equal shares. Of a group of
   * the client library this is not known.
   */
  void awaitBalanced() {
    groups.stream()
        .filter(group -> !group.members().isEmpty())
        .forEach(group -> awaitHeld(group, PARTITIONS));
  }

  /**
   * Returns once the group has so many partitions, and its members have equal shares of them. Of 6,
   * shares of 3, 2 and 1 are those of a rebalance that is still to move one.
   */
  void awaitHeld(Group group, int partitions) {
    await("members of " + group.name() + " share " + partitions + " partitions")
        .atMost(RECOVERY_BOUND)
        .pollInterval(LOOK)
        .until(
            () -> {
              var held =
                  group.members().stream()
                      .mapToInt(member -> member.partitions().size())
                      .summaryStatistics();
              return held.getSum() == partitions && held.getMax() - held.getMin() <= 1;
            });
  }

  /** Returns once the group has received all that was answered OK of some partitions. */
  void awaitReceivedOf(Group group, IntPredicate isWanted) {
    awaitReceived(
        published().stream().filter(one -> isWanted.test(one.partition())).toList(),
        List.of(group));
  }

  /** Returns once this many more records are answered OK as there are keys. */
  void awaitNewRecords() {
    long enough = load.answered() + 2 * PARTITIONS;
    await("records are published")
        .atMost(RECOVERY_BOUND)
        .pollInterval(LOOK)
        .until(() -> load.answered() >= enough);
  }

  void awaitReceived(List<Published> records, List<Group> by) {
    for (var group : by) {
      var missing = new ArrayList<>(records);
      try {
        await()
            .atMost(RECOVERY_BOUND)
            .pollInterval(LOOK)
            .pollInSameThread()
            .until(
                () -> {
                  missing.removeIf(group::hasReceived);
                  return missing.isEmpty();
                });
      } catch (ConditionTimeoutException late) {
        throw new AssertionError(
            "%s has not received %s within %s%n%s"
                .formatted(
                    group.name(), first(missing), RECOVERY_BOUND, first(violationsNow(records))),
            late);
      }
    }
  }

  private static <T> List<T> first(List<T> all) {
    return all.subList(0, Math.min(MOST_SHOWN, all.size()));
  }

  List<Published> published() {
    return journal.events().stream()
        .filter(Published.class::isInstance)
        .map(Published.class::cast)
        .toList();
  }

  <T extends Event> List<T> events(Class<T> type, long sinceNs) {
    return journal.events().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(event -> event.atNs() >= sinceNs)
        .toList();
  }

  /** How long a group waited at the most for a record of a partition; null where none waited. */
  Pause longestPause(long sinceNs) {
    var names = groups.stream().map(Group::name).toList();
    return Pause.longest(journal.events(), names, sinceNs, journal.nowNs());
  }

  /** New violations until now, once all groups have caught up. */
  List<Violation> violations() {
    if (load != null) {
      awaitNewRecords();
    }
    var due = published();
    if (load != null) {
      awaitReceived(due, groups);
    }
    var found = new ArrayList<>(violationsNow(due));
    found.removeAll(told);
    told.addAll(found);
    return found;
  }

  /** Published records that are not due need not be received. */
  private List<Violation> violationsNow(List<Published> due) {
    var events = new ArrayList<>(journal.events());
    var known = new HashSet<Event>(due);
    events.removeIf(event -> event instanceof Published && !known.contains(event));
    // Read after the events: the log has all records that they mention.
    var log = LogReader.read(deployment, topic);
    var names = groups.stream().map(Group::name).toList();
    var history = History.of(events);
    var found = new ArrayList<>(Invariants.check(history, log, names));
    if (load == null) {
      names.forEach(name -> found.addAll(Invariants.logIsReceived(history, log, name)));
    }
    return found;
  }

  /** Ends the load and all members. */
  @Override
  public void close() {
    if (load != null) {
      load.close();
    }
    groups.forEach(Group::close);
    journal.close();
  }
}
