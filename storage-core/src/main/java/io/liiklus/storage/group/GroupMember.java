package io.liiklus.storage.group;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A member of a group on this gateway, and what it has of the group's partitions. Confined to the
 * groups' loop.
 *
 * <pre>
 *   JOINING -> JOINED -> CLOSING -> LEAVING -> LEFT
 *      ^         |
 *      +- lost --+
 * </pre>
 *
 * <p>A partition is given up in three steps: its reads end and its acks are stored ({@code
 * REVOKING}), within a bound; then it is {@code RELEASED}, which the group writes; then it is gone.
 * So the next owner sees the last acks.
 */
final class GroupMember {

  /** Where a member stands. */
  enum State {
    /** Not in the document yet. */
    JOINING,
    JOINED,
    /** Waits for the acks of what it had. */
    CLOSING,
    /** To be taken out of the document. */
    LEAVING,
    LEFT
  }

  private enum Holding {
    ASSIGNED,
    REVOKING,
    RELEASED
  }

  /** A partition from when the document gave it to the member. */
  private static final class Held {
    private final int partition;
    private Holding holding = Holding.ASSIGNED;

    private Held(int partition) {
      this.partition = partition;
    }
  }

  private final CoordinatedGroup group;
  private final MemberPartitions partitions;
  private final Map<Integer, Held> held = new TreeMap<>();
  private int number;
  private State state = State.JOINING;
  private int revoking;

  GroupMember(CoordinatedGroup group, MemberPartitions partitions, int number) {
    this.group = group;
    this.partitions = partitions;
    this.number = number;
  }

  CoordinatedGroup group() {
    return group;
  }

  int number() {
    return number;
  }

  State state() {
    return state;
  }

  /** Leaves the group, once the acks of its partitions are stored. */
  void close() {
    if (state == State.JOINING || state == State.JOINED) {
      state = State.CLOSING;
      revoke(List.copyOf(held.values()));
      leaveIfRevoked();
    }
  }

  private void leaveIfRevoked() {
    if (state == State.CLOSING && revoking == 0) {
      state = State.LEAVING;
      group.refresh();
    }
  }

  /** It is in the document no more, though it did not leave. */
  void lose(int nextNumber) {
    number = nextNumber;
    lose(List.copyOf(held.values()));
    if (state == State.JOINED) {
      state = State.JOINING;
    } else if (state != State.JOINING) {
      left();
    }
  }

  void left() {
    if (state != State.LEFT) {
      state = State.LEFT;
      group.remove(this);
      partitions.onLeft();
    }
  }

  /** Takes what the document gives it, and gives up what it is to give up. */
  void apply(MemberShare share) {
    if (state == State.JOINING) {
      state = State.JOINED;
    }
    endOthers(share);
    if (state != State.JOINED) {
      return;
    }
    var assigned = new ArrayList<Integer>();
    var toRevoke = new ArrayList<Held>();
    for (int p = share.owned.nextSetBit(0); p >= 0; p = share.owned.nextSetBit(p + 1)) {
      boolean isRevoking = share.revoking.get(p);
      var mine = held.get(p);
      if (mine == null) {
        mine = new Held(p);
        held.put(p, mine);
        if (isRevoking) {
          mine.holding = Holding.RELEASED;
        } else {
          assigned.add(p);
        }
      } else if (isRevoking && mine.holding == Holding.ASSIGNED) {
        toRevoke.add(mine);
      }
      if (mine.holding == Holding.RELEASED) {
        group.refreshAgain();
      }
    }
    if (!assigned.isEmpty()) {
      partitions.assign(assigned);
    }
    revoke(toRevoke);
  }

  /** Ends what the document gives to others, or to nobody. */
  void endOthers(MemberShare share) {
    var lost = new ArrayList<Held>();
    for (var mine : List.copyOf(held.values())) {
      if (share.owned.get(mine.partition)) {
        continue;
      }
      if (mine.holding == Holding.ASSIGNED) {
        lost.add(mine);
      } else {
        end(mine);
      }
    }
    lose(lost);
  }

  private void lose(Collection<Held> lost) {
    if (lost.isEmpty()) {
      return;
    }
    var numbers = new ArrayList<Integer>();
    for (var mine : lost) {
      if (mine.holding == Holding.ASSIGNED) {
        numbers.add(mine.partition);
      }
      end(mine);
    }
    if (!numbers.isEmpty()) {
      partitions.lose(numbers);
    }
  }

  private void end(Held mine) {
    if (mine.holding == Holding.REVOKING) {
      revoking--;
    }
    held.remove(mine.partition, mine);
    leaveIfRevoked();
  }

  private void revoke(List<Held> given) {
    var told = new ArrayList<Held>();
    for (var mine : given) {
      if (mine.holding == Holding.ASSIGNED) {
        mine.holding = Holding.REVOKING;
        revoking++;
        told.add(mine);
      }
    }
    if (told.isEmpty()) {
      return;
    }
    var coordinator = group.coordinator();
    var isReleased = new boolean[1];
    Runnable release =
        () -> {
          if (!isReleased[0]) {
            isReleased[0] = true;
            release(told);
          }
        };
    coordinator.commands().postDelayed(coordinator.settings().revokeTimeout().toNanos(), release);
    var unused =
        partitions
            .revoke(told.stream().map(mine -> mine.partition).toList())
            .whenComplete((none, failure) -> coordinator.commands().post(release));
  }

  private void release(List<Held> told) {
    for (var mine : told) {
      if (held.get(mine.partition) == mine && mine.holding == Holding.REVOKING) {
        mine.holding = Holding.RELEASED;
        revoking--;
      }
    }
    if (state == State.JOINED) {
      group.refresh();
    } else {
      leaveIfRevoked();
    }
  }

  /** Takes what was released out of its share. */
  void giveUp(MemberShare share) {
    held.values().stream()
        .filter(mine -> mine.holding == Holding.RELEASED)
        .forEach(mine -> share.clear(mine.partition));
  }

  /** What is released now, which a write that is about to begin gives up. */
  List<Integer> released() {
    return held.values().stream()
        .filter(mine -> mine.holding == Holding.RELEASED)
        .map(mine -> mine.partition)
        .toList();
  }

  /** Forgets these, which were written as given up, or which the plan leaves here. */
  void forget(List<Integer> released) {
    for (int partition : released) {
      var mine = held.get(partition);
      if (mine != null && mine.holding == Holding.RELEASED) {
        end(mine);
      }
    }
  }
}
