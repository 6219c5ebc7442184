package io.liiklus.storage.kafka;

import io.liiklus.api.RecordBatch;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.TopicPartition;

/**
 * What was read last at the end of one partition, for every group that is there: a chain of
 * batches, of which the oldest go when it holds too many bytes. Nobody is waited for: who is slower
 * finds that the next batch has gone, and reads on by itself.
 *
 * <p>Threads: {@link #append}, {@link #copyLeftOvers} and the dropping from the tail reader's;
 * {@link #attach} and {@link #detach} from any; a {@link Place} belongs to its follower, one thread
 * at a time. No lock is taken but to attach and to detach.
 */
final class Ring {

  /** Of a ring that was dropped, and not because the log was cut. */
  static final long NOT_CUT = -1;

  private static final class Node {
    private final long lastOffset;
    private final long appendedNs;

    /** Null when it has gone. */
    private volatile RecordBatch batch;

    private volatile Node next;

    private Node(long lastOffset, long appendedNs, RecordBatch batch) {
      this.lastOffset = lastOffset;
      this.appendedNs = appendedNs;
      this.batch = batch;
    }
  }

  /** Where a follower stands. Confined to it, but for what is said of a method. */
  static final class Place {

    private final Ring ring;
    private final long generation;
    private volatile Node node;
    private volatile long next;

    private Place(Ring ring, long generation, Node node, long next) {
      this.ring = ring;
      this.generation = generation;
      this.node = node;
      this.next = next;
    }

    Ring ring() {
      return ring;
    }

    long generation() {
      return generation;
    }

    /** The offset to read from. Any thread. */
    long next() {
      return next;
    }

    /** Whether what comes next has gone, or nothing more comes. Any thread. */
    boolean isLost() {
      return ring.isDropped || next < ring.start;
    }

    /** Whether there is a batch to take. Any thread. */
    boolean hasNext() {
      return node.next != null && ring.lastOffset >= next;
    }

    /** The next batch, from the offset on; null where there is none, or it has gone. */
    RecordBatch peek() {
      var candidate = node.next;
      while (candidate != null && candidate.lastOffset < next) {
        node = candidate;
        candidate = candidate.next;
      }
      var batch = candidate == null ? null : candidate.batch;
      return batch == null ? null : BatchRest.from(batch, next);
    }

    /** Goes behind the batch that was peeked at. */
    void advance(RecordBatch peeked) {
      var taken = node.next;
      node = taken;
      next = taken.lastOffset + 1;
      ring.counts.taken().add(peeked.size());
    }
  }

  /** How many records were put into rings, and taken out of them by all followers. */
  record Counts(LongAdder fetched, LongAdder taken) {}

  private final TopicPartition id;
  private final Counts counts;

  // Written by the tail reader's thread, read by any.
  private volatile long start;
  private volatile long lastOffset;
  private volatile long bytes;
  private volatile boolean isDropped;
  private volatile long cutAt = NOT_CUT;

  /** Behind it is the oldest batch that is held. */
  private volatile Node head;

  /** Changed under the lock, replaced as a whole. */
  private volatile HandOff[] followers = {};

  // Tail reader's thread only.
  private Node newest;
  private Node copied;

  /**
   * @param start the offset that is read first
   */
  Ring(TopicPartition id, long start, Counts counts) {
    this.id = id;
    this.counts = counts;
    this.start = start;
    this.lastOffset = start - 1;
    this.head = new Node(start - 1, 0, null);
    this.newest = head;
    this.copied = head;
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
    return offset <= lastOffset + 1;
  }

  boolean isDropped() {
    return isDropped;
  }

  /** Where the log was cut, if that is why it was dropped; else {@link #NOT_CUT}. */
  long cutAt() {
    return cutAt;
  }

  boolean hasFollowers() {
    return followers.length > 0;
  }

  /** Null where the offset is older than what is held, or nothing more comes. */
  synchronized Place attach(HandOff follower, long generation, long next) {
    if (isDropped || next < start) {
      return null;
    }
    var before = followers;
    if (!Arrays.asList(before).contains(follower)) {
      var grown = Arrays.copyOf(before, before.length + 1);
      grown[before.length] = follower;
      followers = grown;
    }
    return new Place(this, generation, head, next);
  }

  synchronized void detach(HandOff follower) {
    followers = Arrays.stream(followers).filter(other -> other != follower).toArray(HandOff[]::new);
  }

  /** Adds what was read, and has the followers look. */
  void append(RecordBatch batch, long nowNs, long maxBytes) {
    long last = batch.offset(batch.size() - 1);
    var node = new Node(last, nowNs, batch);
    newest.next = node;
    newest = node;
    lastOffset = last;
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
    start = oldest.lastOffset + 1;
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

  /** Lets go of what is too much and has been held for so long, the newest batch as well. */
  void trim(long nowNs, long holdNs, long maxBytes) {
    long held = bytes;
    if (held <= maxBytes) {
      return;
    }
    for (var oldest = head.next; oldest != null && held > maxBytes; oldest = head.next) {
      if (nowNs - oldest.appendedNs < holdNs) {
        break;
      }
      held -= evictOldest();
    }
    bytes = held;
    tellFollowers();
  }

  /** Drops it where nobody follows it. */
  synchronized boolean dropIfUnused() {
    if (followers.length == 0) {
      isDropped = true;
    }
    return isDropped;
  }

  /** Ends it: the followers go on by themselves. */
  void drop(long wasCutAt) {
    synchronized (this) {
      cutAt = wasCutAt;
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
