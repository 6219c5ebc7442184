package io.liiklus.storage.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The groups that catch up on one partition, and what was read last for one of them while others
 * were close behind: these take it from here and are then at the same offset, so that groups that
 * fell behind together read each record once. Thread-safe, and calls no fetcher but to look where
 * it is.
 */
final class SharedScan {

  /** A group is slow whose client has let wait for so long what is there for it. */
  static final Duration SLOW = Duration.ofSeconds(1);

  // Guarded by this.
  private final Set<PartitionFetcher> fetchers = new LinkedHashSet<>();

  /** In the order in which they were read. */
  private final Deque<Fetch> kept = new ArrayDeque<>();

  /** Of what was read last. */
  private double bytesAnOffset = 1;

  synchronized void join(PartitionFetcher fetcher) {
    fetchers.add(fetcher);
  }

  /** Whether somebody is left. */
  synchronized boolean part(PartitionFetcher fetcher) {
    fetchers.remove(fetcher);
    if (fetchers.size() < 2) {
      kept.clear();
    }
    return !fetchers.isEmpty();
  }

  /** Keeps nothing of what was read. */
  synchronized void forget() {
    kept.clear();
  }

  synchronized boolean areSeveral() {
    return fetchers.size() > 1;
  }

  /** What holds the log at the position; null where nothing does. */
  synchronized Fetch find(FetchPosition position) {
    var newest = kept.descendingIterator();
    while (newest.hasNext()) {
      var fetched = newest.next();
      if (fetched.holds(position)) {
        return fetched;
      }
    }
    return null;
  }

  /**
   * Keeps it, where others come to it before too much else is kept.
   *
   * @param mostBytes how much is kept
   * @return those others
   */
  synchronized List<PartitionFetcher> keep(
      PartitionFetcher reader, Fetch fetched, long mostBytes, long nowNs) {
    long offsets = fetched.next().offset() - fetched.from().offset();
    bytesAnOffset = Math.max(1, (double) fetched.bytes() / offsets);
    if (fetchers.size() < 2) {
      return List.of();
    }
    // Not all behind it: other groups may be together elsewhere.
    kept.removeIf(before -> !isNeeded(before, mostBytes, nowNs));
    var others = new ArrayList<PartitionFetcher>();
    for (var fetcher : fetchers) {
      if (fetcher != reader && isNear(fetcher, fetched, mostBytes, nowNs)) {
        others.add(fetcher);
      }
    }
    if (!others.isEmpty()) {
      kept.add(fetched);
    }
    long bytes = kept.stream().mapToLong(Fetch::bytes).sum();
    while (bytes > mostBytes) {
      bytes -= kept.remove().bytes();
    }
    return others;
  }

  private boolean isNeeded(Fetch fetched, long mostBytes, long nowNs) {
    for (var fetcher : fetchers) {
      if (isNear(fetcher, fetched, mostBytes, nowNs)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the group comes to it before so many bytes more are kept. One that is slow does where
   * it takes it in one go, as soon as it has room.
   */
  private boolean isNear(PartitionFetcher fetcher, Fetch fetched, long mostBytes, long nowNs) {
    long offset = fetcher.next().offset();
    var prefetch = fetcher.prefetch();
    boolean isSlow = prefetch.waitedNs(nowNs) >= SLOW.toNanos();
    long reach = offsets(isSlow ? Math.min(mostBytes, prefetch.limits().heldBytes()) : mostBytes);
    return fetched.from().offset() - reach <= offset && offset < fetched.next().offset();
  }

  private long offsets(long bytes) {
    return (long) (bytes / bytesAnOffset);
  }

  /** Whether one of these is where the group is, or not much behind. */
  synchronized boolean isOneCloseBehind(
      PartitionFetcher fetcher, Collection<PartitionFetcher> these, long mostBytes) {
    for (var other : these) {
      if (fetchers.contains(other) && isCloseBehind(other, fetcher, mostBytes)) {
        return true;
      }
    }
    return false;
  }

  /** All that are where the group is, or not much behind. */
  synchronized List<PartitionFetcher> closeBehind(PartitionFetcher fetcher, long mostBytes) {
    var close = new ArrayList<PartitionFetcher>();
    for (var other : fetchers) {
      if (isCloseBehind(other, fetcher, mostBytes)) {
        close.add(other);
      }
    }
    return close;
  }

  private boolean isCloseBehind(PartitionFetcher other, PartitionFetcher fetcher, long mostBytes) {
    long to = fetcher.next().offset();
    long offset = other.next().offset();
    return other != fetcher && to - offsets(mostBytes) <= offset && offset <= to;
  }
}
