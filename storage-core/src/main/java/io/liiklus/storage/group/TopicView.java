package io.liiklus.storage.group;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/**
 * The partitions of a topic as this gateway last found them, and what of that goes into the
 * documents of groups. Confined to the loop of the groups.
 */
final class TopicView {

  /**
   * An older view is no reason to change a document: this process was paused, and other gateways
   * know better. A log keeps an ended partition for longer than that.
   */
  private static final Duration MAX_AGE = Duration.ofSeconds(15);

  private List<LogPartition> listed = List.of();
  private final BitSet ids = new BitSet();
  private List<LogPartition> children = List.of();
  private boolean isKnown;
  private long updatedNs;

  /** Returns whether anything is other than before. */
  boolean update(List<LogPartition> partitions, long nowNs) {
    boolean isOther = !isKnown || !listed.equals(partitions);
    if (isOther) {
      listed = List.copyOf(partitions);
      children = listed.stream().filter(partition -> !partition.parents().isEmpty()).toList();
      ids.clear();
      listed.forEach(partition -> ids.set(partition.id()));
    }
    isKnown = true;
    updatedNs = nowNs;
    return isOther;
  }

  /**
   * Adds the partitions that the topic has: a child only once its parents have ended, and none
   * whose child has entered. Takes out those that the log has no more.
   */
  void enter(GroupDocument document, long nowNs) {
    if (!isKnown || nowNs - updatedNs > MAX_AGE.toNanos()) {
      return;
    }
    for (var partition : listed) {
      if (!document.partitions.get(partition.id()) && mayEnter(partition, document)) {
        document.partitions.set(partition.id());
      }
    }
    // Behind the last one the document may know of newer partitions than this view.
    var gone = (BitSet) document.partitions.clone();
    gone.andNot(ids);
    gone.clear(Math.max(0, ids.length() - 1), Math.max(gone.length(), ids.length()));
    document.partitions.andNot(gone);
  }

  private boolean mayEnter(LogPartition partition, GroupDocument document) {
    for (int parent : partition.parents()) {
      if (ids.get(parent) && !document.ended.get(parent)) {
        return false;
      }
    }
    for (var child : children) {
      if (child.parents().contains(partition.id()) && document.partitions.get(child.id())) {
        return false;
      }
    }
    return true;
  }
}
