package io.liiklus.cli.records;

import io.liiklus.api.Offsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Offsets of a partition's copied records in the source, and in the target. Confined to the
 * command.
 *
 * <p>Kept as runs of records whose offsets rise by one on both sides. An offset that no run has is
 * translated to the end of the run before it, so a group receives records again and misses none.
 */
final class OffsetMap {

  /** Past it every other run is forgotten. */
  static final int MAX_RUNS = 2048;

  /**
   * Records that follow one another on both sides. Immutable.
   *
   * @param source offset of the first one
   * @param target offset of the first one
   */
  record Run(long source, long target, long count) {

    private long lastSource() {
      return source + count - 1;
    }

    private long lastTarget() {
      return target + count - 1;
    }

    private boolean isFollowedBy(long nextSource, long nextTarget) {
      return nextSource == source + count && nextTarget == target + count;
    }
  }

  private final List<Run> runs = new ArrayList<>();

  /** Adds what a process before this one has copied. */
  void restore(Run run) {
    runs.add(run);
  }

  /** Adds a record, in the order of the source. */
  void add(long source, long target) {
    var last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
    if (last != null && last.isFollowedBy(source, target)) {
      runs.set(runs.size() - 1, new Run(last.source(), last.target(), last.count() + 1));
      return;
    }
    runs.add(new Run(source, target, 1));
    if (runs.size() > MAX_RUNS) {
      thinOut();
    }
  }

  /** The first and the last stay. */
  private void thinOut() {
    var kept = new ArrayList<Run>();
    for (int i = 0; i < runs.size(); i++) {
      if (i % 2 == 0 || i == runs.size() - 1) {
        kept.add(runs.get(i));
      }
    }
    runs.clear();
    runs.addAll(kept);
  }

  List<Run> runs() {
    return List.copyOf(runs);
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  /**
   * The position in the target that stands for one in the source: of the last copied record at or
   * below it; before all of them where there is none.
   */
  long translate(long position) {
    long translated = runs.isEmpty() ? -1 : Offsets.previous(runs.get(0).target());
    for (var run : runs) {
      if (position < run.source()) {
        break;
      }
      translated =
          position >= run.lastSource()
              ? run.lastTarget()
              : run.target() + (position - run.source());
    }
    return translated;
  }
}
