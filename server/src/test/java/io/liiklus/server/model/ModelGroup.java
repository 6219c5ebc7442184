package io.liiklus.server.model;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** A group as the broker knows it: who is to have which partition, and who has it. */
final class ModelGroup {

  final String name;

  /** Who is to have each partition; null: nobody. */
  private final Integer[] targets = new Integer[ModelTopic.PARTITIONS];

  private final Member[] owners = new Member[ModelTopic.PARTITIONS];
  private final Member[] slots;

  /**
   * @param slots who stands in each place now
   */
  ModelGroup(String name, Member[] slots) {
    this.name = name;
    this.slots = slots;
  }

  /**
   * @param slot whose it is to be; null: nobody's
   */
  void assign(int partition, Integer slot) {
    targets[partition] = slot;
  }

  /** Null when it is to be nobody's. */
  Member target(int partition) {
    var slot = targets[partition];
    var member = slot == null ? null : slots[slot];
    return member == null || !member.isOpen() ? null : member;
  }

  void kickOut(Member member) {
    member.isKickedOut = true;
    disown(member);
  }

  void disown(Member member) {
    Arrays.setAll(owners, i -> owners[i] == member ? null : owners[i]);
  }

  /** In a member's poll: it learns what the broker has decided. */
  void rebalance(Member member) {
    if (member.isKickedOut) {
      member.isKickedOut = false;
      if (!member.consumer.held().isEmpty()) {
        member.consumer.lose();
      }
    }
    if (member.isEager) {
      member.isEager = false;
      if (!member.consumer.held().isEmpty()) {
        member.consumer.hold(Set.of());
        if (!member.isKickedOut) {
          disown(member);
        }
      }
    }
    var wanted = new HashSet<Integer>();
    for (int i = 0; i < owners.length; i++) {
      boolean isFree = owners[i] == null || owners[i] == member;
      if (target(i) == member && isFree && !member.isKickedOut) {
        wanted.add(i);
        owners[i] = member;
      }
    }
    if (!wanted.equals(member.consumer.held()) && !member.isKickedOut) {
      member.consumer.hold(wanted);
      for (int i = 0; i < owners.length; i++) {
        if (owners[i] == member && !wanted.contains(i)) {
          owners[i] = null;
        }
      }
    }
  }
}
