package io.liiklus.storage.kafka;

import io.liiklus.api.Offsets;
import io.liiklus.api.RecordBatch;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.TopicPartition;

/**
 * What was read last at the end of one partition, for every group that is there: a chain of
 * batches, of which the oldest go when all have taken them, and when it holds too many bytes.
 * Nobody is waited for: who is slower finds that the next batch has gone, and reads on by itself.
 *
 * <p>Threads: {@link #append}, {@link #copyLeftOvers} and the dropping from the tail reader's;
 * {@link #attach} and {@link #detach} from any; a {@link Cursor} belongs to its follower, one
 * thread at a time. No lock is taken but to attach and to detach.
 */
final class TailCache {

  private static final class Node {
    private final long firstOffset;
    private final long lastOffset;
    private final long appendedNs;
    private final int firstEpoch;

    /** Where nothing was read yet it may become an older one. */
    private volatile int lastEpoch;

    /** Null when it has gone. */
    private volatile RecordBatch batch;

    private volatile Node next;

    /** Behind it is what is read first. */
    private Node(FetchPosition start) {
      this.firstOffset = start.offset();
      this.lastOffset = start.offset() - 1;
      this.firstEpoch = start.epoch();
      this.lastEpoch = start.epoch();
      this.appendedNs = 0;
    }

    private Node(KafkaRecordBatch batch, long appendedNs) {
      int last = batch.size() - 1;
      this.firstOffset = batch.offset(0);
      this.lastOffset = batch.offset(last);
      this.firstEpoch = batch.epoch(0);
      this.lastEpoch = batch.epoch(last);
      this.appendedNs = appendedNs;
      this.batch = batch;
    }
  }

  /** Where a follower stands. It is moved by that alone; where it is may be asked by any thread. */
  static final class Cursor {

    private final TailCache cache;
    private final long generation;
    private volatile Node node;
    private volatile long next;
    private volatile int epoch;

    private Cursor(TailCache cache, long generation, Node node, FetchPosition from) {
      this.cache = cache;
      this.generation = generation;
      this.node = node;
      this.next = from.offset();
      this.epoch = from.epoch();
    }

    TailCache cache() {
      return cache;
    }

    long generation() {
      return generation;
    }

    /** Where to read on. */
    FetchPosition next() {
      return new FetchPosition(next, epoch);
    }

    /** Whether what comes next has gone, or nothing more comes. Any thread. */
    boolean isLost() {
      return cache.isDropped || next < cache.start;
    }

    /** Whether there is a batch to take. Any thread. */
    boolean hasNext() {
      return node.next != null && cache.lastOffset >= next;
    }

    /** The next batch, from the offset on; null where there is none, or it has gone. */
    RecordBatch peek() {
      var candidate = node.next;
      while (candidate != null && candidate.lastOffset < next) {
        node = candidate;
        candidate = candidate.next;
      }
      var batch = candidate == null ? null : candidate.batch;
      return batch == null ? null : BatchSlice.from(batch, next);
    }

    /** Goes behind the batch that was peeked at. */
    void advance(RecordBatch peeked) {
      var taken = node.next;
      node = taken;
      next = Offsets.next(taken.lastOffset);
      epoch = taken.lastEpoch;
      cache.counts.taken().add(peeked.size());
    }
  }

  /** How many records were put into caches, and taken out of them by all followers. */
  record Counts(LongAdder fetched, LongAdder taken) {}

  private final TopicPartition id;
  private final Counts counts;

  // Written by the tail reader's thread, read by any.
  private volatile long start;
  private volatile long lastOffset;
  private volatile long bytes;
  private volatile boolean isDropped;

  /** What is read first comes behind it; null once that has come, as it leads to all there was. */
  private volatile Node base;

  /** Behind it is the oldest batch that is held. */
  private volatile Node head;

  /** Changed under the lock, replaced as a whole. */
  private volatile PrefetchingReader[] followers = {};

  // Tail reader's thread only.
  private Node newest;
  private Node copied;

  /**
   * @param start what is read first
   */
  TailCache(TopicPartition id, FetchPosition start, Counts counts) {
    this.id = id;
    this.counts = counts;
    this.start = start.offset();
    this.lastOffset = start.offset() - 1;
    this.base = new Node(start);
    this.head = base;
    this.newest = base;
    this.copied = base;
  }

  TopicPartition id() {
    return id;
  }

  /** About how many bytes of records it holds. */
  long bytes() {
    return bytes;
  }

  /** Whether it was filled up to the offset. */
  boolean hasComeTo(long offset) {
    return offset <= Offsets.next(lastOffset);
  }

  boolean isDropped() {
    return isDropped;
  }

  boolean hasFollowers() {
    return followers.length > 0;
  }

  /** How many follow it. */
  int followers() {
    return followers.length;
  }

  /**
   * Null where the offset is older than what is held, or nothing more comes, or it is not certain
   * that what the follower has read and what is held are of one log.
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
   * Whether it was not read into yet, and began at this offset under a newer leader, or none that
   * is known: then nobody who knows the offset under this one could join.
   */
  boolean isToBeginAt(FetchPosition position) {
    var unread = base;
    return unread != null
        && position.isEpochKnown()
        && position.offset() == Offsets.next(unread.lastOffset)
        && (unread.lastEpoch == FetchPosition.UNKNOWN || position.epoch() < unread.lastEpoch);
  }

  /** Tail reader's thread, behind {@link #isToBeginAt}: what is read first is read from here. */
  void beginAt(FetchPosition position) {
    base.lastEpoch = position.epoch();
  }

  synchronized void detach(PrefetchingReader follower) {
    followers =
        Arrays.stream(followers)
            .filter(other -> other != follower)
            .toArray(PrefetchingReader[]::new);
  }

  /** Adds what was read, and has the followers look. */
  void append(KafkaRecordBatch batch, long nowNs, long maxBytes) {
    var node = new Node(batch, nowNs);
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
    counts.fetched().add(batch.size());
    tellFollowers();
  }

  private long evictOldest() {
    var oldest = head.next;
    long freed = oldest.batch.bytes();
    // First the offset, then the batch: who misses the batch finds out that it is behind.
    start = Offsets.next(oldest.lastOffset);
    oldest.batch = null;
    if (head == copied) {
      copied = oldest;
    }
    head = oldest;
    return freed;
  }

  /**
   * Copies what has been held for so long. A batch pins the whole fetch that it came with, which
   * may be thousands of times larger.
   */
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
   * Lets go of what all who follow have taken and was read so long ago, and of what is too much and
   * was read a moment ago, the newest batch as well.
   */
  void trim(long nowNs, TailReader.Bounds bounds, long maxBytes) {
    long taken = head.next == null ? 0 : takenByAll();
    long before = bytes;
    long held = before;
    for (var oldest = head.next; oldest != null; oldest = head.next) {
      long ageNs = nowNs - oldest.appendedNs;
      boolean isDone = oldest.lastOffset < taken && ageNs >= bounds.taken().toNanos();
      boolean isTooMuch = held > maxBytes && ageNs >= bounds.copy().toNanos();
      if (!isDone && !isTooMuch) {
        break;
      }
      held -= evictOldest();
    }
    if (held != before) {
      bytes = held;
      // For those who were too slow, or have come just now.
      tellFollowers();
    }
  }

  /** What some follower has not taken first; the lowest offset there is where nobody follows. */
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
    tellFollowers();
  }

  private void tellFollowers() {
    for (var follower : followers) {
      follower.match();
    }
  }
}
