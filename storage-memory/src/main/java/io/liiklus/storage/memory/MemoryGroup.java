package io.liiklus.storage.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntSupplier;

/**
 * Members of one group on one topic, and the owner of each partition. Confined to the {@code
 * liiklus-memory} thread.
 *
 * <p>A rebalance moves as few partitions as possible: members with more than their share give up
 * the rest, and free partitions go to members with less than theirs. It ends early where a
 * partition is yet to be given up, and runs again then.
 */
final class MemoryGroup {

  private final IntSupplier partitionCount;
  private final MemoryThread thread;

  /** Members in the order in which they joined. */
  private final List<MemoryMember> members = new ArrayList<>();

  private final Map<Integer, MemoryMember> owners = new TreeMap<>();

  /** Owned partitions that are being given up. */
  private final Set<Integer> moving = new TreeSet<>();

  MemoryGroup(IntSupplier partitionCount, MemoryThread thread) {
    this.partitionCount = partitionCount;
    this.thread = thread;
  }

  /** Whether there are no members, and no traces of any. */
  boolean isEmpty() {
    return members.isEmpty() && owners.isEmpty();
  }

  void join(MemoryMember member) {
    members.add(member);
    rebalance();
  }

  /**
   * @param onLeft is run when the member's partitions are free
   */
  void leave(MemoryMember member, Runnable onLeft) {
    members.remove(member);
    var held = held(member);
    moving.addAll(held);
    Runnable task =
        () -> {
          release(held);
          member.onLeft();
          onLeft.run();
        };
    member
        .leave()
        .whenComplete(
            (none, failure) -> {
              if (!thread.post(task)) {
                // The storage was closed meanwhile: nobody is left to get the partitions.
                member.onLeft();
              }
            });
  }

  void abandon() {
    members.forEach(MemoryMember::abandon);
    members.clear();
  }

  void rebalance() {
    if (members.isEmpty()) {
      return;
    }
    int partitions = partitionCount.getAsInt();
    var shares = shares(partitions);
    shares.forEach(this::revokeBeyond);
    var free = new TreeSet<Integer>();
    for (int partition = 0; partition < partitions; partition++) {
      if (!owners.containsKey(partition)) {
        free.add(partition);
      }
    }
    shares.forEach((member, share) -> giveUpTo(member, share, free));
  }

  /** The member with the most keeps the most, so that the remainder moves nothing. */
  private Map<MemoryMember, Integer> shares(int partitions) {
    var byHeld = new ArrayList<>(members);
    byHeld.sort(Comparator.comparingInt((MemoryMember member) -> held(member).size()).reversed());
    var shares = new LinkedHashMap<MemoryMember, Integer>();
    int remainder = partitions % members.size();
    for (var member : byHeld) {
      shares.put(member, partitions / members.size() + (remainder > 0 ? 1 : 0));
      remainder--;
    }
    return shares;
  }

  private void revokeBeyond(MemoryMember member, int share) {
    var surplus = new TreeSet<>(held(member));
    for (int kept = 0; kept < share && !surplus.isEmpty(); kept++) {
      surplus.pollFirst();
    }
    if (surplus.isEmpty()) {
      return;
    }
    moving.addAll(surplus);
    member.revoke(surplus).whenComplete((none, failure) -> thread.post(() -> release(surplus)));
  }

  private void giveUpTo(MemoryMember member, int share, NavigableSet<Integer> free) {
    var given = new TreeSet<Integer>();
    for (int held = held(member).size(); held < share && !free.isEmpty(); held++) {
      given.add(free.pollFirst());
    }
    if (!given.isEmpty()) {
      given.forEach(partition -> owners.put(partition, member));
      member.assign(given);
    }
  }

  private void release(Set<Integer> partitions) {
    moving.removeAll(partitions);
    owners.keySet().removeAll(partitions);
    rebalance();
  }

  /** The partitions a member has and keeps, so far. */
  private NavigableSet<Integer> held(MemoryMember member) {
    var held = new TreeSet<Integer>();
    owners.forEach(
        (partition, owner) -> {
          if (owner == member && !moving.contains(partition)) {
            held.add(partition);
          }
        });
    return held;
  }
}
