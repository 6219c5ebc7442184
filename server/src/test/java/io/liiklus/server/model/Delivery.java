package io.liiklus.server.model;

import io.liiklus.api.GroupId;
import java.util.HashSet;
import java.util.Set;

/**
 * What one Receive must deliver: from where the group goes on, all that is there, in order, once.
 */
final class Delivery {

  private static final long NONE = -1;

  private final Witness witness;
  private final World world;
  private final Holding holding;
  private final GroupId group;

  /** 0 where the client knows none. */
  private final long lastKnown;

  private final long begunAt;
  private Set<Long> replayedUpTo;

  private long last = NONE;
  private int lastGeneration;
  private int lastEpoch;

  Delivery(World world, Holding holding, GroupId group, long lastKnown) {
    this.world = world;
    this.witness = world.witness;
    this.holding = holding;
    this.group = group;
    this.lastKnown = lastKnown;
    this.begunAt = witness.now();
  }

  /** A record was sent. */
  void add(long offset, String id, boolean isReplay) {
    int partition = holding.partition;
    int generation = Integer.parseInt(id.substring(0, id.indexOf('-')));
    witness.require(
        ModelTopic.isOf(id, generation, partition, offset) && world.topic.wasWritten(id),
        "partition %d: offset %d brought %s",
        partition,
        offset,
        id);
    witness.require(
        last == NONE || offset > last || wasCut(),
        "partition %d: %d after %d",
        partition,
        offset,
        last);
    // In a topic that was made anew and nobody noticed yet, reading goes on where it was.
    witness.require(
        !isOfNow(generation) || isDue(offset),
        "partition %d: offset %d came after %s, the log has %s",
        partition,
        offset,
        last == NONE ? "a start at one of " + starts() : last,
        world.topic.partition(partition).entries.keySet());
    requireNoCutBetween(generation, offset, ModelTopic.epoch(id));
    checkReplay(offset, isReplay);
    last = offset;
    lastEpoch = ModelTopic.epoch(id);
    lastGeneration = generation;
  }

  /** What a new leader wrote from below the last record on is not to be passed over. */
  private void requireNoCutBetween(int generation, long offset, int epoch) {
    var log = world.topic.partition(holding.partition);
    var now = log.entries.get(offset);
    if (last == NONE || generation != lastGeneration || now == null || now.epoch() != epoch) {
      return;
    }
    if (generation == world.topic.generation() && offset > last) {
      witness.require(
          log.endOf(lastEpoch) > last,
          "partition %d: offset %d of leader %d came after %d of leader %d, which was cut at %d",
          holding.partition,
          offset,
          epoch,
          last,
          lastEpoch,
          log.endOf(lastEpoch));
    }
  }

  private void checkReplay(long offset, boolean isReplay) {
    if (replayedUpTo == null) {
      replayedUpTo =
          new HashSet<>(world.positions.highest(group.name(), holding.partition, begunAt));
    }
    replayedUpTo.removeIf(highest -> offset <= highest != isReplay);
    witness.require(
        !replayedUpTo.isEmpty(),
        "partition %d: offset %d is marked as replay=%s",
        holding.partition,
        offset,
        isReplay);
  }

  /**
   * Whether a new leader had not all that was there, perhaps before the assignment, when it is in a
   * tail cache still. Who had read it may be told of it, and gets what is there now; or goes on
   * behind it where Kafka does not tell.
   */
  private boolean wasCut() {
    return world.topic.wasCut(holding.partition, holding.generation);
  }

  private boolean isOfNow(int generation) {
    return generation == world.topic.generation() && holding.generation == generation;
  }

  /** Whether all before this offset was delivered, or is not there any more. */
  boolean isDue(long offset) {
    int generation = world.topic.generation();
    if (!isOfNow(generation) || holding.isDoubtful || wasCut()) {
      return true;
    }
    return last == NONE
        ? starts().stream().anyMatch(start -> isNext(start, offset))
        : lastGeneration != generation || isNext(last + 1, offset);
  }

  /** Whether nothing that is to be delivered stands between. */
  private boolean isNext(long expected, long offset) {
    if (expected > offset) {
      return false;
    }
    var between =
        world.topic.partition(holding.partition).entries.subMap(expected, offset).values();
    return between.stream().noneMatch(entry -> entry.isReadable() || !world.skipsUnreadable);
  }

  /** Where the group may go on. */
  private Set<Long> starts() {
    var starts = new HashSet<Long>();
    if (lastKnown != 0) {
      starts.add(lastKnown + 1);
    } else {
      long resume = holding.resume == null ? NONE : holding.resume;
      for (var position : world.positions.own(group, holding.partition, begunAt)) {
        if (position == null || position + 1 == resume) {
          starts.add(holding.startOffset);
        }
        if (position != null && (position + 1 != resume || holding.isResumeUnsure)) {
          starts.add(position + 1);
        }
      }
    }
    // What lies beyond the end when it is looked for goes on at the start.
    var log = world.topic.partition(holding.partition);
    var held = log.held.from(begunAt);
    if (starts.stream()
        .anyMatch(start -> held.stream().anyMatch(then -> start > then.range().end()))) {
      held.forEach(then -> starts.add(then.range().start()));
    }
    return starts;
  }

  /** Whether the offset that the client knows was beyond the end at some time since. */
  boolean isBeyondTheEnd() {
    return world.topic.generations.from(begunAt).size() > 1
        || world.topic.partition(holding.partition).held.from(begunAt).stream()
            .anyMatch(held -> lastKnown < 0 || lastKnown >= held.range().end());
  }

  /** The record that is to come next, or null; of those that may be, the last. */
  ModelTopic.Entry next() {
    var log = world.topic.partition(holding.partition);
    if (wasCut()) {
      var newest = newest(log);
      boolean isBehind = newest == null || last >= newest.offset();
      return isBehind || starts().stream().anyMatch(start -> start > newest.offset())
          ? null
          : newest;
    }
    if (last != NONE && isOfNow(lastGeneration)) {
      return readable(log, last + 1);
    }
    ModelTopic.Entry latest = null;
    for (long start : starts()) {
      var next = readable(log, start);
      if (next == null) {
        return null;
      }
      latest = latest == null || next.offset() > latest.offset() ? next : latest;
    }
    return latest;
  }

  /** The last record that readers see; null where there is none. */
  private ModelTopic.Entry newest(ModelTopic.Partition log) {
    ModelTopic.Entry newest = null;
    for (var next = readable(log, 0); next != null; next = readable(log, next.offset() + 1)) {
      newest = next;
    }
    return newest;
  }

  private ModelTopic.Entry readable(ModelTopic.Partition log, long from) {
    var entry = log.next(from);
    while (entry != null && !entry.isReadable() && world.skipsUnreadable) {
      entry = log.next(entry.offset() + 1);
    }
    return entry;
  }
}
