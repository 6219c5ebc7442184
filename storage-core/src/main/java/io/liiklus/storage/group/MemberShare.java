package io.liiklus.storage.group;

import java.util.BitSet;

/** What one member of a group has, in the group's document. Confined to the owner of that. */
final class MemberShare {

  final MemberId id;

  /** Partitions that nobody else may read. */
  final BitSet owned = new BitSet();

  /** Those of them that the member is to give up. */
  final BitSet revoking = new BitSet();

  MemberShare(MemberId id) {
    this.id = id;
  }

  /** How many it owns and may keep. */
  int kept() {
    return owned.cardinality() - revoking.cardinality();
  }

  void clear(int partition) {
    owned.clear(partition);
    revoking.clear(partition);
  }
}
