package io.liiklus.server.inflight;

import io.liiklus.api.GroupId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What all partitions of all consumers report, by topic and group. Thread-safe.
 *
 * <p>A group is shown while it has partitions here. One that had dead letters stays, so that its
 * counts do.
 */
public final class InflightMetrics {

  /** Past so many, groups without partitions are forgotten with their counts. */
  static final int MOST_GROUPS = 10_000;

  /** Why a partition is not read on. */
  public enum Wait {
    NOTHING,
    /** For acks: as much is out as may be. */
    UNACKED,
    /** For its position, behind which too many records lie. */
    AHEAD,
    /** For its share of the process's memory. */
    MEMORY,
    /** For a record that comes again before others. */
    RETRY
  }

  private record TopicGroup(String topic, GroupId group) {}

  private final Map<TopicGroup, InflightGroup> groups = new ConcurrentHashMap<>();

  /** Opens the report of a partition. */
  public PartitionReport open(String topic, GroupId group) {
    var key = new TopicGroup(topic, group);
    var report = new PartitionReport(closed -> close(key, closed));
    groups.compute(
        key,
        (unused, known) -> {
          var shown = known == null ? new InflightGroup(topic, group) : known;
          shown.add(report);
          return shown;
        });
    return report;
  }

  private void close(TopicGroup key, PartitionReport report) {
    groups.computeIfPresent(
        key,
        (unused, known) -> {
          known.remove(report);
          return isWorthKeeping(known, groups.size() - 1) ? known : null;
        });
  }

  private static boolean isWorthKeeping(InflightGroup shown, int others) {
    return !shown.isIdle() || (shown.hasCounts() && others < MOST_GROUPS);
  }

  /** A dead letter was stored or not; its partition may be closed meanwhile. */
  public void onDeadLetter(String topic, GroupId group, boolean isStored) {
    groups.compute(
        new TopicGroup(topic, group),
        (unused, known) -> {
          var shown = known == null ? new InflightGroup(topic, group) : known;
          shown.onDeadLetter(isStored);
          int others = groups.size() - (known == null ? 0 : 1);
          return isWorthKeeping(shown, others) ? shown : null;
        });
  }

  /** Visits the groups that are shown. */
  public void forEach(Consumer<InflightGroup> visitor) {
    groups.values().forEach(visitor);
  }
}
