package io.liiklus.cli.records;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.cli.CliException;
import io.liiklus.cli.positions.Patience;
import io.liiklus.cli.records.RecordsStorages.Opened;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Decides what becomes of each topic, before anything is written. Confined to the command. */
final class CopyPlanner {

  private final Patience patience;
  private final CopyProgress progress;
  private final Opened source;

  /** Empty where it is not there yet. */
  private final Optional<Opened> target;

  CopyPlanner(Patience patience, CopyProgress progress, Opened source, Optional<Opened> target) {
    this.patience = patience;
    this.progress = progress;
    this.source = source;
    this.target = target;
  }

  /**
   * The plans, by name of the topic.
   *
   * @param names of the topics; empty: all
   */
  List<TopicPlan> plan(List<String> names) throws InterruptedException {
    awaitAnswer(source);
    if (target.isPresent()) {
      awaitAnswer(target.get());
    }
    var plans = new ArrayList<TopicPlan>();
    for (var topic : topics(names)) {
      plans.add(plan(topic));
    }
    return plans;
  }

  /** Of a storage that is opened to be read alone, and is not there, later answers say so. */
  private void awaitAnswer(Opened opened) throws InterruptedException {
    var answer = patience.ask(opened.records()::check, opened.name());
    if (answer.failure() == null || answer.failure().kind() != Kind.UNKNOWN_TOPIC) {
      answer.require(opened.name());
    }
  }

  private SortedSet<String> topics(List<String> names) throws InterruptedException {
    if (!names.isEmpty()) {
      return new TreeSet<>(names);
    }
    var answer = patience.ask(source.records()::topics, source.name());
    if (answer.failure() != null && answer.failure().kind() == Kind.PRECONDITION) {
      throw new CliException(
          source.name() + ": " + answer.failure().getMessage() + "; name them by --topic");
    }
    return new TreeSet<>(answer.require(source.name()));
  }

  private TopicPlan plan(String topic) throws InterruptedException {
    var ranges = ranges(source, topic);
    if (ranges.isEmpty()) {
      throw new CliException("%s: there is no topic %s".formatted(source.name(), topic));
    }
    var there = target.isPresent() ? ranges(target.get(), topic) : noRanges();
    var known = progress.find(topic);
    if (known != null) {
      requireSame(known, ranges, there);
      boolean isKept = known.isKeepingPartitions();
      return new TopicPlan(known, ranges, there.isEmpty(), isKept ? "" : "as it began");
    }
    var reason = reason(ranges, there);
    var added = new TopicProgress(topic, reason.isEmpty());
    return new TopicPlan(added, ranges, there.isEmpty(), reason);
  }

  /** Why records cannot go to the partitions of their own numbers; empty where they can. */
  private static String reason(Map<Integer, OffsetRange> ranges, Map<Integer, OffsetRange> there) {
    if (there.isEmpty()) {
      return "";
    }
    if (!there.keySet().equals(ranges.keySet())) {
      return "the target has %d partitions and the source %d"
          .formatted(there.size(), ranges.size());
    }
    return there.values().stream().allMatch(range -> range.start() == range.end())
        ? ""
        : "the target has records already";
  }

  private void requireSame(
      TopicProgress known, Map<Integer, OffsetRange> ranges, Map<Integer, OffsetRange> there) {
    boolean isSourceNew =
        known.partitions().entrySet().stream()
            .anyMatch(
                partition -> {
                  var range = ranges.get(partition.getKey());
                  return range == null || range.end() < partition.getValue().next();
                });
    if (isSourceNew) {
      throw begunBefore(source.name(), known.topic());
    }
    boolean isTargetNew =
        known.highest().entrySet().stream()
            .anyMatch(
                highest -> {
                  var range = there.get(highest.getKey());
                  return range == null || range.end() <= highest.getValue();
                });
    boolean isCut =
        known.isKeepingPartitions()
            && !there.isEmpty()
            && !there.keySet().containsAll(ranges.keySet());
    if (isTargetNew || isCut) {
      throw begunBefore(target.map(Opened::name).orElse("the target"), known.topic());
    }
  }

  private CliException begunBefore(String storage, String topic) {
    return new CliException(
        ("%s: topic %s is not the one that an earlier copy left (it was deleted, emptied or made"
                + " anew); to copy all of it again delete %s")
            .formatted(storage, topic, progress.path()));
  }

  private SortedMap<Integer, OffsetRange> ranges(Opened opened, String topic)
      throws InterruptedException {
    var answer = patience.ask(() -> opened.records().endOffsets(topic), opened.name());
    return isAbsent(answer.failure()) ? noRanges() : new TreeMap<>(answer.require(opened.name()));
  }

  private static boolean isAbsent(StorageException failure) {
    return failure != null && failure.kind() == Kind.UNKNOWN_TOPIC;
  }

  private static SortedMap<Integer, OffsetRange> noRanges() {
    return new TreeMap<>();
  }
}
