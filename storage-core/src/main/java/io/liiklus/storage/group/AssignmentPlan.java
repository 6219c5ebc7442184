package io.liiklus.storage.group;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The smallest change of a document after which its members own equal shares, or will once what
 * they are to give up is given up. The same document gives the same plan, and a plan of its result
 * changes nothing. Immutable.
 *
 * <p>The remainder of the division goes to members that own more already, so that a join or a leave
 * moves the least.
 */
final class AssignmentPlan {

  private AssignmentPlan() {}

  /** Changes the document. */
  static void apply(GroupDocument document) {
    document.ended.and(document.partitions);
    var free = (BitSet) document.partitions.clone();
    for (var member : document.members) {
      member.owned.and(document.partitions);
      member.revoking.and(member.owned);
      free.andNot(member.owned);
    }
    if (document.members.isEmpty()) {
      return;
    }
    var shares = shares(document);
    shares.forEach(AssignmentPlan::revoke);
    assign(free, document.members, shares);
  }

  /** How many partitions each member is to own; in the order in which they got the remainder. */
  private static Map<MemberShare, Integer> shares(GroupDocument document) {
    int base = document.partitions.cardinality() / document.members.size();
    int remainder = document.partitions.cardinality() % document.members.size();
    var order = new ArrayList<>(document.members);
    order.sort(
        Comparator.comparingInt((MemberShare member) -> rank(member, base))
            .thenComparing(Comparator.comparingInt(MemberShare::kept).reversed()));
    var shares = new LinkedHashMap<MemberShare, Integer>();
    for (var member : order) {
      shares.put(member, base + (shares.size() < remainder ? 1 : 0));
    }
    return shares;
  }

  /** Those that keep more than the base come first, then those that could. */
  private static int rank(MemberShare member, int base) {
    if (member.kept() > base) {
      return 0;
    }
    return member.owned.cardinality() > base ? 1 : 2;
  }

  /** Flags what is too much; takes flags back where the member would fall short. */
  private static void revoke(MemberShare member, int share) {
    for (int p = member.owned.length() - 1; p >= 0 && member.kept() > share; p--) {
      if (member.owned.get(p)) {
        member.revoking.set(p);
      }
    }
    while (member.kept() < share && !member.revoking.isEmpty()) {
      member.revoking.clear(member.revoking.nextSetBit(0));
    }
  }

  /** Gives each free partition to the member that keeps least, within its share. */
  private static void assign(
      BitSet free, List<MemberShare> members, Map<MemberShare, Integer> shares) {
    var kept = new HashMap<MemberShare, Integer>();
    members.forEach(member -> kept.put(member, member.kept()));
    for (int p = free.nextSetBit(0); p >= 0; p = free.nextSetBit(p + 1)) {
      MemberShare poorest = null;
      for (var member : shares.keySet()) {
        boolean isBelowShare = kept.get(member) < shares.get(member);
        if (isBelowShare && (poorest == null || kept.get(member) < kept.get(poorest))) {
          poorest = member;
        }
      }
      if (poorest == null) {
        return;
      }
      poorest.owned.set(p);
      kept.merge(poorest, 1, Integer::sum);
    }
  }
}
