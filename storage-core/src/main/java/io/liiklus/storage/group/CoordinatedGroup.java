package io.liiklus.storage.group;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.CoordinationStore.Row;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group on one topic, as this gateway has members in it. Confined to the groups' loop.
 *
 * <p>Each step takes the document as it was read, makes of it what this gateway knows, and writes
 * it back as a whole by compare-and-set, where that is something else; what was written then
 * applies to the members. One operation is under way at a time. A call of unknown outcome is
 * followed by a look and never repeated.
 */
final class CoordinatedGroup {

  private static final Logger log = LoggerFactory.getLogger(CoordinatedGroup.class);

  /** How often a write that somebody else's went before is tried in a row. */
  private static final int MOST_TRIES = 5;

  /** The longest pause before the first of these tries; twice as long before each other one. */
  private static final long TRY_PAUSE_NS = 40_000_000;

  private final GroupCoordinator coordinator;
  private final String key;
  private final TopicView topic;
  private final GroupMembers members;
  private final Linger linger;

  /** Partitions that were read to their end here. */
  private final BitSet ended = new BitSet();

  /** As last seen; null: there is none. */
  private GroupDocument document;

  private boolean isBusy;
  private boolean isToRefresh;
  private int tries;

  /** Answers for an earlier life of this gateway are dropped. */
  private int generation;

  private boolean isUnreadable;

  CoordinatedGroup(GroupCoordinator coordinator, String key, TopicView topic) {
    this.coordinator = coordinator;
    this.key = key;
    this.topic = topic;
    this.members = new GroupMembers(coordinator);
    long sessionNs = coordinator.settings().sessionTimeout().toNanos();
    this.linger = new Linger(coordinator.clockNs(), sessionNs);
  }

  GroupCoordinator coordinator() {
    return coordinator;
  }

  String key() {
    return key;
  }

  TopicView topic() {
    return topic;
  }

  /** As last seen; null where there is none. */
  GroupDocument document() {
    return document;
  }

  GroupMember join(MemberPartitions partitions) {
    var member = new GroupMember(this, partitions, coordinator.nextNumber());
    members.add(member);
    linger.onNeeded();
    return member;
  }

  void closeAll() {
    members.closeAll();
  }

  void remove(GroupMember member) {
    members.remove(member);
    dropIfLeft();
  }

  /** A partition was read to its end: its children may begin. */
  void onEnded(int partition) {
    if (!ended.get(partition)) {
      ended.set(partition);
      refresh();
    }
  }

  /** Another life of this gateway begins: all members lose what they have, and join anew. */
  void onExpelled() {
    generation++;
    isBusy = false;
    isToRefresh = false;
    members.loseAll();
    dropIfLeft();
    refresh();
  }

  /** Something here has changed: looks at the document now, or once the operation has ended. */
  void refresh() {
    if (!coordinator.has(this)) {
      return;
    }
    if (isBusy) {
      isToRefresh = true;
      return;
    }
    isBusy = true;
    read();
  }

  void refreshAgain() {
    isToRefresh = true;
  }

  private void read() {
    int of = generation;
    linger.onAsked();
    coordinator
        .store()
        .read(
            Set.of(key),
            (rows, failure) -> {
              if (of != generation) {
                return;
              }
              if (failure != null) {
                settle();
              } else {
                step(rows.get(key));
              }
            });
  }

  /** Takes part in a look, if no operation is under way; its answer goes to {@link #onLooked}. */
  boolean beginLook() {
    if (isBusy) {
      return false;
    }
    isBusy = true;
    linger.onAsked();
    return true;
  }

  int generation() {
    return generation;
  }

  /**
   * @param rows null: the look failed
   */
  void onLooked(int ofGeneration, Map<String, Row> rows) {
    if (ofGeneration != generation) {
      return;
    }
    if (rows == null) {
      settle();
    } else {
      step(rows.get(key));
    }
  }

  /** The operation has ended. */
  private void settle() {
    isBusy = false;
    tries = 0;
    if (isToRefresh) {
      isToRefresh = false;
      refresh();
    }
    dropIfLeft();
  }

  private void dropIfLeft() {
    if (!isBusy && members.isEmpty() && (linger.isOver() || coordinator.isClosing())) {
      coordinator.drop(this);
    }
  }

  private void step(Row row) {
    try {
      document = row == null ? null : GroupDocument.parse(row.value());
      isUnreadable = false;
    } catch (GroupDocument.UnreadableException unreadable) {
      onUnreadable(unreadable);
      return;
    }
    noteWhetherLeft();
    if (document == null && !members.isDocumentWanted()) {
      members.leaveAll();
      settle();
      return;
    }
    var wanted = document == null ? new GroupDocument() : document.copy();
    members.enter(wanted);
    ended.and(wanted.partitions);
    topic.enter(wanted, coordinator.clockNs().getAsLong());
    wanted.ended.or(ended);
    AssignmentPlan.apply(wanted);
    boolean isSame = row != null && Arrays.equals(wanted.bytes(), row.value());
    if (isSame && !wanted.members.isEmpty()) {
      members.released().forEach(GroupMember::forget);
      members.apply(wanted);
      settle();
    } else {
      write(row == null ? CoordinationStore.ABSENT : row.version(), wanted);
    }
  }

  private void noteWhetherLeft() {
    if (!members.isEmpty() || (document != null && document.names(coordinator.id()))) {
      linger.onNeeded();
    } else {
      linger.onLeft();
    }
  }

  private void onUnreadable(GroupDocument.UnreadableException unreadable) {
    document = null;
    noteWhetherLeft();
    if (!isUnreadable) {
      isUnreadable = true;
      log.error(
          "the document of a group cannot be read, its members here have no partitions, key={}"
              + " reason={}",
          key,
          unreadable.getMessage());
    }
    members.loseAll();
    settle();
  }

  private void write(long version, GroupDocument wanted) {
    int of = generation;
    boolean isRemoval = wanted.members.isEmpty();
    var released = members.released();
    coordinator
        .store()
        .replace(
            key,
            version,
            isRemoval ? null : wanted.bytes(),
            (answer, failure) -> {
              if (of != generation) {
                return;
              }
              if (failure != null) {
                // The next look tells what became of it.
                coordinator.onWriteFailed(key, failure);
                settle();
              } else if (answer.isEmpty()) {
                tryAgain();
              } else {
                document = isRemoval ? null : wanted;
                released.forEach(GroupMember::forget);
                members.apply(wanted);
                settle();
              }
            });
  }

  /** Somebody else has written. Past the bound, at the next look. */
  private void tryAgain() {
    tries++;
    if (tries >= MOST_TRIES) {
      settle();
      return;
    }
    int of = generation;
    long pauseNs = coordinator.random().nextLong(TRY_PAUSE_NS << (tries - 1)) + 1;
    coordinator
        .commands()
        .postDelayed(
            pauseNs,
            () -> {
              if (of == generation) {
                read();
              }
            });
  }
}
