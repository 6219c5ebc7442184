package io.liiklus.server.inflight;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all partitions of all consumers report. Thread-safe: each report is written by its
 * partition's owner and read by any thread.
 */
public final class InflightMetrics {

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

  private final Set<Report> reports = ConcurrentHashMap.newKeySet();
  private final LongAdder deadLetters = new LongAdder();
  private final LongAdder deadLetterFailures = new LongAdder();

  /** What one partition reports, until it is closed. */
  public final class Report implements AutoCloseable {
    private volatile int unacked;
    private volatile long oldestSentNs;
    private volatile int retries;
    private volatile Wait waitsFor = Wait.NOTHING;

    private Report() {}

    void set(int newUnacked, long newOldestSentNs, int newRetries) {
      unacked = newUnacked;
      oldestSentNs = newOldestSentNs;
      retries = newRetries;
    }

    void waitsFor(Wait reason) {
      if (waitsFor != reason) {
        waitsFor = reason;
      }
    }

    @Override
    public void close() {
      reports.remove(this);
    }
  }

  public Report open() {
    var report = new Report();
    reports.add(report);
    return report;
  }

  public void onDeadLetter(boolean isStored) {
    (isStored ? deadLetters : deadLetterFailures).increment();
  }

  /** Number of records that were sent and are not acked. */
  public long unacked() {
    return reports.stream().mapToLong(report -> report.unacked).sum();
  }

  /** Age of the oldest of them in nanoseconds; 0: there is none. */
  public long oldestAgeNs(long nowNs) {
    return reports.stream()
        .filter(report -> report.unacked > 0)
        .mapToLong(report -> nowNs - report.oldestSentNs)
        .max()
        .orElse(0);
  }

  /** Number of records that wait to be sent again. */
  public long retries() {
    return reports.stream().mapToLong(report -> report.retries).sum();
  }

  /** Number of partitions that are not read on for this reason. */
  public long waiting(Wait reason) {
    return reports.stream().filter(report -> report.waitsFor == reason).count();
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
