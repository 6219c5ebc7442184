package io.liiklus.storage.read;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Scan sharing: the groups that catch up on one partition, and its last fetches, kept as long as
 * another group comes to them soon. That group takes them from here and is then at the same offset,
 * so that groups that fell behind together read each record once (as databases share the scans of a
 * table). Thread-safe: takes its own lock, and no other within.
 */
final class SharedScan {

  /** A group is slow whose client lets fetched records wait for so long. */
  static final Duration SLOW = Duration.ofSeconds(1);

  // Guarded by this.
  private final Set<ScanMember> members = new LinkedHashSet<>();

  /** Kept fetches, in the order in which they were read. */
  private final Deque<Fetch> kept = new ArrayDeque<>();

  /** Bytes for each offset of the last fetch. */
  private double bytesAnOffset = 1;

  synchronized void join(ScanMember member) {
    members.add(member);
  }

  /** Whether a group is left. */
  synchronized boolean part(ScanMember member) {
    members.remove(member);
    if (members.size() < 2) {
      kept.clear();
    }
    return !members.isEmpty();
  }

  /** Drops the kept fetches, which may be of a log that was cut. */
  synchronized void forget() {
    kept.clear();
  }

  synchronized boolean areSeveral() {
    return members.size() > 1;
  }

  /** The fetch that has the log at the position; null where none does. */
  synchronized Fetch find(FetchPosition position) {
    var newest = kept.descendingIterator();
    while (newest.hasNext()) {
      var fetch = newest.next();
      if (fetch.covers(position)) {
        return fetch;
      }
    }
    return null;
  }

  /**
   * Keeps a fetch, where other groups come to it before too much else is kept.
   *
   * @param maxBytes of all that is kept
   * @return those groups
   */
  synchronized List<ScanMember> keep(ScanMember reader, Fetch fetch, long maxBytes, long nowNs) {
    long offsets = fetch.next().offset() - fetch.from().offset();
    bytesAnOffset = Math.max(1, (double) fetch.bytes() / offsets);
    if (members.size() < 2) {
      return List.of();
    }
    // Not all behind it: other groups may be together elsewhere.
    kept.removeIf(before -> !isNeeded(before, maxBytes, nowNs));
    var others = new ArrayList<ScanMember>();
    for (var member : members) {
      if (member != reader && isNear(member, fetch, maxBytes, nowNs)) {
        others.add(member);
      }
    }
    if (!others.isEmpty()) {
      kept.add(fetch);
    }
    long bytes = kept.stream().mapToLong(Fetch::bytes).sum();
    while (bytes > maxBytes) {
      bytes -= kept.remove().bytes();
    }
    return others;
  }

  private boolean isNeeded(Fetch fetch, long maxBytes, long nowNs) {
    for (var member : members) {
      if (isNear(member, fetch, maxBytes, nowNs)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the group comes to the fetch before so many bytes more are kept. A slow one does where
   * it takes it in one go, as soon as it has room.
   */
  private boolean isNear(ScanMember member, Fetch fetch, long maxBytes, long nowNs) {
    long offset = member.next().offset();
    boolean isSlow = member.waitedNs(nowNs) >= SLOW.toNanos();
    long reach = offsets(isSlow ? Math.min(maxBytes, member.prefetchBytes()) : maxBytes);
    return fetch.from().offset() - reach <= offset && offset < fetch.next().offset();
  }

  private long offsets(long bytes) {
    return (long) (bytes / bytesAnOffset);
  }

  /** Whether one of these is where the group is, or not much behind. */
  synchronized boolean isOneCloseBehind(
      ScanMember member, Collection<? extends ScanMember> these, long maxBytes) {
    for (var other : these) {
      if (members.contains(other) && isCloseBehind(other, member, maxBytes)) {
        return true;
      }
    }
    return false;
  }

  /** All groups that are where the group is, or not much behind. */
  synchronized List<ScanMember> closeBehind(ScanMember member, long maxBytes) {
    var close = new ArrayList<ScanMember>();
    for (var other : members) {
      if (isCloseBehind(other, member, maxBytes)) {
        close.add(other);
      }
    }
    return close;
  }

  private boolean isCloseBehind(ScanMember other, ScanMember member, long maxBytes) {
    long to = member.next().offset();
    long offset = other.next().offset();
    return other != member && to - offsets(maxBytes) <= offset && offset <= to;
  }
}
