package io.liiklus.server.model;

import io.liiklus.api.GroupId;
import io.liiklus.server.session.SteppedAcks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How often positions are written. In any span of time there are no more writes than the rate
 * gives, those of the burst and one, and one of each group that a loop was late with. Not counted
 * are those that need not wait: for a revocation, while the gateway ends, and of a single ack while
 * no other write is under way. Confined to the test's thread.
 */
final class ModelPace {

  /** How many there are with their versions. */
  private static final int GROUPS = ModelPositions.NAMES.size() * ModelPositions.VERSIONS;

  private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final Witness witness;
  private final List<SteppedEventLoop> loops;
  private final double perNs;
  private final double most;

  /** Writes whose answer the gateway has not seen yet. */
  private final Set<Object> underWay = new HashSet<>();

  /** Revocations that wait for the writes of a group. */
  private final List<GroupId> flushes = new ArrayList<>();

  private boolean isDraining;

  /**
   * Writes less what the rate gave since, and never below none: the most of all spans until now.
   */
  private double level;

  private long lastNs;

  ModelPace(Witness witness, int writesPerSecond, List<SteppedEventLoop> loops) {
    this.witness = witness;
    this.loops = loops;
    this.perNs = writesPerSecond / SECOND_NS;
    this.most = SteppedAcks.BURST.toNanos() * perNs + 1 + GROUPS;
  }

  void onFlush(GroupId group) {
    flushes.add(group);
  }

  void onFlushed(GroupId group) {
    flushes.remove(group);
  }

  void onDrain() {
    isDraining = true;
  }

  /**
   * A write.
   *
   * @param isSingle whether it may be for one ack
   * @return stands for it
   */
  Object onWrite(GroupId group, boolean isSingle) {
    boolean isFree = isDraining || flushes.contains(group) || (isSingle && underWay.isEmpty());
    if (!isFree) {
      level = Math.max(0, level - (witness.clockNs - lastNs) * perNs) + 1;
      lastNs = witness.clockNs;
      witness.require(level <= most, "%f writes at a time, and %f are allowed", level, most);
    }
    var write = new Object();
    underWay.add(write);
    return write;
  }

  /** The storage has answered; the gateway sees it no sooner than the first of its loops. */
  void onWritten(Object write) {
    loops.forEach(loop -> loop.execute(() -> underWay.remove(write)));
  }
}
