package io.liiklus.server.inflight;

import io.liiklus.api.GroupId;
import io.liiklus.server.inflight.InflightMetrics.Wait;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Sums of what the partitions of one group in one topic report. Thread-safe. */
public final class InflightGroup {

  private final String topic;
  private final GroupId group;
  private final Set<PartitionReport> reports = ConcurrentHashMap.newKeySet();
  private final LongAdder deadLetters = new LongAdder();
  private final LongAdder deadLetterFailures = new LongAdder();

  InflightGroup(String topic, GroupId group) {
    this.topic = topic;
    this.group = group;
  }

  public String topic() {
    return topic;
  }

  public GroupId group() {
    return group;
  }

  void add(PartitionReport report) {
    reports.add(report);
  }

  void remove(PartitionReport report) {
    reports.remove(report);
  }

  void onDeadLetter(boolean isStored) {
    (isStored ? deadLetters : deadLetterFailures).increment();
  }

  /** Whether it has no partitions here. */
  boolean isIdle() {
    return reports.isEmpty();
  }

  /** Whether it has anything to count. */
  boolean hasCounts() {
    return deadLetters() > 0 || deadLetterFailures() > 0;
  }

  /** Number of records that were sent and are not acked. */
  public long unacked() {
    return reports.stream().mapToLong(PartitionReport::unacked).sum();
  }

  /** Age of the oldest of them in nanoseconds; 0: there is none. */
  public long oldestAgeNs(long nowNs) {
    return reports.stream()
        .filter(report -> report.unacked() > 0)
        .mapToLong(report -> nowNs - report.oldestSentNs())
        .max()
        .orElse(0);
  }

  /** Number of records that wait to be sent again. */
  public long retries() {
    return reports.stream().mapToLong(PartitionReport::retries).sum();
  }

  /** Number of partitions that are not read on for this reason. */
  public long waiting(Wait reason) {
    return reports.stream().filter(report -> report.waitsFor() == reason).count();
  }

  /** Number of records that were stored in a dead-letter topic. */
  public long deadLetters() {
    return deadLetters.sum();
  }

  /** How often a record could not be stored there. */
  public long deadLetterFailures() {
    return deadLetterFailures.sum();
  }
}
