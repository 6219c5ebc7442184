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
 * fell behind together read each record once. Thread-safe, and calls no feed but to look where it
 * is.
 */
final class Companions {

  /** A group is slow whose client has let wait for so long what is there for it. */
  static final Duration SLOW = Duration.ofSeconds(1);

  // Guarded by this.
  private final Set<PartitionFeed> feeds = new LinkedHashSet<>();

  /** In the order in which they were read. */
  private final Deque<Fetched> kept = new ArrayDeque<>();

  /** Of what was read last. */
  private double bytesAnOffset = 1;

  synchronized void join(PartitionFeed feed) {
    feeds.add(feed);
  }

  /** Whether somebody is left. */
  synchronized boolean part(PartitionFeed feed) {
    feeds.remove(feed);
    if (feeds.size() < 2) {
      kept.clear();
    }
    return !feeds.isEmpty();
  }

  /** Keeps nothing of what was read. */
  synchronized void forget() {
    kept.clear();
  }

  synchronized boolean areSeveral() {
    return feeds.size() > 1;
  }

  /** What holds the log at the position; null where nothing does. */
  synchronized Fetched find(LogPosition position) {
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
  synchronized List<PartitionFeed> keep(
      PartitionFeed reader, Fetched fetched, long mostBytes, long nowNs) {
    long offsets = fetched.next().offset() - fetched.from().offset();
    bytesAnOffset = Math.max(1, (double) fetched.bytes() / offsets);
    if (feeds.size() < 2) {
      return List.of();
    }
    // Not all behind it: other groups may be together elsewhere.
    kept.removeIf(before -> !isNeeded(before, mostBytes, nowNs));
    var others = new ArrayList<PartitionFeed>();
    for (var feed : feeds) {
      if (feed != reader && isNear(feed, fetched, mostBytes, nowNs)) {
        others.add(feed);
      }
    }
    if (!others.isEmpty()) {
      kept.add(fetched);
    }
    long bytes = kept.stream().mapToLong(Fetched::bytes).sum();
    while (bytes > mostBytes) {
      bytes -= kept.remove().bytes();
    }
    return others;
  }

  private boolean isNeeded(Fetched fetched, long mostBytes, long nowNs) {
    for (var feed : feeds) {
      if (isNear(feed, fetched, mostBytes, nowNs)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the group comes to it before so many bytes more are kept. One that is slow does where
   * it takes it in one go, as soon as it has room.
   */
  private boolean isNear(PartitionFeed feed, Fetched fetched, long mostBytes, long nowNs) {
    long offset = feed.next().offset();
    var handOff = feed.handOff();
    boolean isSlow = handOff.waitedNs(nowNs) >= SLOW.toNanos();
    long reach = offsets(isSlow ? Math.min(mostBytes, handOff.limits().heldBytes()) : mostBytes);
    return fetched.from().offset() - reach <= offset && offset < fetched.next().offset();
  }

  private long offsets(long bytes) {
    return (long) (bytes / bytesAnOffset);
  }

  /** Whether one of these is where the group is, or not much behind. */
  synchronized boolean isOneCloseBehind(
      PartitionFeed feed, Collection<PartitionFeed> these, long mostBytes) {
    for (var other : these) {
      if (feeds.contains(other) && isCloseBehind(other, feed, mostBytes)) {
        return true;
      }
    }
    return false;
  }

  /** All that are where the group is, or not much behind. */
  synchronized List<PartitionFeed> closeBehind(PartitionFeed feed, long mostBytes) {
    var close = new ArrayList<PartitionFeed>();
    for (var other : feeds) {
      if (isCloseBehind(other, feed, mostBytes)) {
        close.add(other);
      }
    }
    return close;
  }

  private boolean isCloseBehind(PartitionFeed other, PartitionFeed feed, long mostBytes) {
    long to = feed.next().offset();
    long offset = other.next().offset();
    return other != feed && to - offsets(mostBytes) <= offset && offset <= to;
  }
}
