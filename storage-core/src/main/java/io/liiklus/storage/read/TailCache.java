package io.liiklus.storage.read;

import io.liiklus.api.Offsets;
import java.util.Arrays;

/**
 * Newest batches of one partition, for every group at its end: a linked list of batches, of which
 * the oldest are evicted once all followers have taken them, and when they have too many bytes. No
 * follower is waited for: a slow one finds its next batch evicted, and goes on by itself.
 * Thread-safe for followers; else confined to the tail reader's thread.
 *
 * <p>Threads: {@link #append}, {@link #copyLeftOvers} and evictions from the tail reader's; {@link
 * #attach} and {@link #detach} from any. Only these two take this object's lock, in which no other
 * is taken.
 */
final class TailCache {

  private final LogId log;
  private final TailCaches caches;

  // Written by the tail reader's thread, read by any.
  private volatile long start;
  private volatile long lastOffset;
  private volatile long bytes;
  private volatile boolean isDropped;
  private volatile boolean isOutOfRange;

  /**
   * The first batch read is linked behind it; null afterwards, since it would lead to all later
   * ones.
   */
  private volatile TailNode base;

  /** Behind it is the oldest batch that is held. */
  private volatile TailNode head;

  /** Changed under the lock, replaced as a whole. */
  private volatile PrefetchingReader[] followers = {};

  // Tail reader's thread only.

  /** Time at which it last had followers. */
  long followedNs;

  private TailNode newest;
  private TailNode copied;

  /**
   * @param start of the first batch read
   */
  TailCache(LogId log, FetchPosition start, TailCaches caches) {
    this.log = log;
    this.caches = caches;
    this.start = start.offset();
    this.lastOffset = start.offset() - 1;
    this.base = new TailNode(start);
    this.head = base;
    this.newest = base;
    this.copied = base;
  }

  LogId log() {
    return log;
  }

  /** About how many bytes of records it has. */
  long bytes() {
    return bytes;
  }

  /** The oldest offset that it has. */
  long start() {
    return start;
  }

  /** Whether a record at the offset, or behind it, was read. */
  boolean hasPassed(long offset) {
    return offset <= lastOffset;
  }

  /** Whether it was filled up to the offset. */
  boolean hasComeTo(long offset) {
    return offset <= Offsets.next(lastOffset);
  }

  /** A follower took records. */
  void onTaken(int records) {
    caches.onTaken(records);
  }

  boolean isDropped() {
    return isDropped;
  }

  /** Whether it was dropped because the log does not have what came next. */
  boolean isOutOfRange() {
    return isOutOfRange;
  }

  boolean hasFollowers() {
    return followers.length > 0;
  }

  /** Number of followers. */
  int followers() {
    return followers.length;
  }

  /**
   * Null where the offset is older than the cached batches, or no more batches come, or the
   * follower's records and the cached ones may not be of one log.
   */
  synchronized Cursor attach(PrefetchingReader follower, long generation, FetchPosition next) {
    if (isDropped || next.offset() < start) {
      return null;
    }
    var joined = join(next);
    if (joined == null) {
      return null;
    }
    var before = followers;
    if (!Arrays.asList(before).contains(follower)) {
      var grown = Arrays.copyOf(before, before.length + 1);
      grown[before.length] = follower;
      followers = grown;
    }
    return new Cursor(this, generation, head, joined);
  }

  /**
   * The position as the cache knows it, null where the two may be of different logs: the epochs on
   * both sides of it must rise, and there be none that the follower has missed.
   */
  private FetchPosition join(FetchPosition next) {
    var before = head;
    var behind = before.next;
    while (behind != null && behind.lastOffset < next.offset()) {
      before = behind;
      behind = before.next;
    }
    boolean isWithin = behind != null && behind.firstOffset < next.offset();
    int known = isWithin ? behind.firstEpoch : before.lastEpoch;
    if (isWithin && known != behind.lastEpoch) {
      return next.isEpochKnown() ? null : next;
    }
    if (!next.isEpochKnown()) {
      return new FetchPosition(next.offset(), known);
    }
    boolean isSame = next.epoch() == known;
    boolean hasSeenMore = known != FetchPosition.UNKNOWN && next.epoch() > known;
    boolean goesOn = !isWithin && (behind == null || behind.firstEpoch >= next.epoch());
    return isSame || (hasSeenMore && goesOn) ? next : null;
  }

  /**
   * Whether it is empty yet, and began at this offset under a newer leader, or an unknown one: then
   * no follower that knows the offset under this leader could join.
   */
  boolean isToBeginAt(FetchPosition position) {
    var unread = base;
    return unread != null
        && position.isEpochKnown()
        && position.offset() == Offsets.next(unread.lastOffset)
        && (unread.lastEpoch == FetchPosition.UNKNOWN || position.epoch() < unread.lastEpoch);
  }

  /** Tail reader's thread, behind {@link #isToBeginAt}: reading begins here. */
  void beginAt(FetchPosition position) {
    base.lastEpoch = position.epoch();
  }

  synchronized void detach(PrefetchingReader follower) {
    followers =
        Arrays.stream(followers)
            .filter(other -> other != follower)
            .toArray(PrefetchingReader[]::new);
  }

  /** Adds a batch, and notifies the followers. */
  void append(FetchedBatch batch, long nowNs, long maxBytes) {
    var node = new TailNode(batch, nowNs);
    newest.next = node;
    newest = node;
    base = null;
    lastOffset = node.lastOffset;
    long held = bytes + batch.bytes();
    while (held > maxBytes && head.next != node) {
      held -= evictOldest();
    }
    // However large, the newest is held for a moment: until it is trimmed.
    bytes = held;
    caches.onFetched(batch.size());
    notifyFollowers();
  }

  private long evictOldest() {
    var oldest = head.next;
    long freed = oldest.batch.bytes();
    // First the offset, then the batch: a follower that misses the batch finds itself behind.
    start = Offsets.next(oldest.lastOffset);
    oldest.batch = null;
    if (head == copied) {
      copied = oldest;
    }
    head = oldest;
    return freed;
  }

  /** Copies batches out of the fetches that they pin, which may be thousands of times larger. */
  void copyLeftOvers(long nowNs, long copyNs) {
    for (var node = copied.next; node != null; node = node.next) {
      if (nowNs - node.appendedNs < copyNs) {
        return;
      }
      node.batch = node.batch.copyFrom(0);
      copied = node;
    }
  }

  /**
   * Evicts batches that all followers have taken and that are so old, and batches past the bound
   * that are older than a moment, the newest one as well.
   */
  void trim(long nowNs, ReadTimings timings, long maxBytes) {
    long taken = head.next == null ? 0 : takenByAll();
    long before = bytes;
    long held = before;
    for (var oldest = head.next; oldest != null; oldest = head.next) {
      long ageNs = nowNs - oldest.appendedNs;
      boolean isDone = oldest.lastOffset < taken && ageNs >= timings.keep().toNanos();
      boolean isTooMuch = held > maxBytes && ageNs >= timings.copyAfter().toNanos();
      if (!isDone && !isTooMuch) {
        break;
      }
      held -= evictOldest();
    }
    if (held != before) {
      bytes = held;
      // For followers that were too slow, or have just come.
      notifyFollowers();
    }
  }

  /**
   * The first offset that some follower has not taken; the lowest offset where there are no
   * followers.
   */
  private long takenByAll() {
    var now = followers;
    long taken = now.length == 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    for (var follower : now) {
      taken = Math.min(taken, follower.nextIn(this));
    }
    return taken;
  }

  /** Drops it where nobody follows it. */
  synchronized boolean dropIfUnused() {
    if (followers.length == 0) {
      isDropped = true;
    }
    return isDropped;
  }

  /** Ends it: the followers go on by themselves. */
  void drop() {
    synchronized (this) {
      isDropped = true;
    }
    bytes = 0;
    notifyFollowers();
  }

  /** Ends it: the followers stop until it is known which log there is. */
  void dropOutOfRange() {
    isOutOfRange = true;
    drop();
  }

  private void notifyFollowers() {
    for (var follower : followers) {
      follower.drain();
    }
  }
}
