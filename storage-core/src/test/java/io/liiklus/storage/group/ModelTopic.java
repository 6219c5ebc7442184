package io.liiklus.storage.group;

import static io.liiklus.storage.group.ModelWorld.SECOND;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A topic whose partitions get a record now and then, split and end. Confined to the test. */
final class ModelTopic {

  /** A partition. */
  static final class Part {
    final int id;
    final Set<Integer> parents = new HashSet<>();
    private final long from;
    private final long gap;
    long closedAt = Long.MAX_VALUE;
    long unlistedAt = Long.MAX_VALUE;

    private Part(int id, long from, long gap) {
      this.id = id;
      this.from = from;
      this.gap = gap;
    }

    /** The offset behind its last record. */
    long end(long now, long stopAt) {
      return Math.max(0, (Math.min(Math.min(now, closedAt), stopAt) - from) / gap);
    }

    boolean isListed(long at) {
      return from <= at && at < unlistedAt;
    }
  }

  final List<Part> parts = new ArrayList<>();
  private final ModelWorld world;

  ModelTopic(ModelWorld world) {
    this.world = world;
  }

  void grow(int count) {
    for (int i = 0; i < count; i++) {
      long gap = SECOND / 4 + world.random.nextLong(SECOND);
      parts.add(new Part(parts.size(), world.now, gap));
    }
  }

  List<LogPartition> listed(long at) {
    return parts.stream()
        .filter(part -> part.isListed(at))
        .map(part -> new LogPartition(part.id, part.parents))
        .toList();
  }

  private List<Part> open() {
    return parts.stream().filter(part -> part.closedAt > world.now).toList();
  }

  void split(int choice) {
    var open = open();
    var parent = open.get(choice % open.size());
    parent.closedAt = world.now;
    int from = parts.size();
    grow(2);
    parts.subList(from, from + 2).forEach(child -> child.parents.add(parent.id));
  }

  void merge(int choice) {
    var open = open();
    if (open.size() < 2) {
      return;
    }
    int first = choice % (open.size() - 1);
    grow(1);
    var child = parts.get(parts.size() - 1);
    for (var parent : open.subList(first, first + 2)) {
      parent.closedAt = world.now;
      child.parents.add(parent.id);
    }
  }

  /** Takes a partition out that has ended long ago. */
  void expire() {
    parts.stream()
        .filter(part -> part.closedAt < world.now - 20 * SECOND && part.unlistedAt > world.now)
        .findFirst()
        .ifPresent(part -> part.unlistedAt = world.now);
  }
}
