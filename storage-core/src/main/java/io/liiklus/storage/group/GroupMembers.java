package io.liiklus.storage.group;

import io.liiklus.storage.group.GroupMember.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Members of one group on this gateway, against the group's document. Confined to the loop. */
final class GroupMembers {

  private final GroupCoordinator coordinator;
  private final List<GroupMember> members = new ArrayList<>();

  GroupMembers(GroupCoordinator coordinator) {
    this.coordinator = coordinator;
  }

  void add(GroupMember member) {
    members.add(member);
  }

  void remove(GroupMember member) {
    members.remove(member);
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  void closeAll() {
    List.copyOf(members).forEach(GroupMember::close);
  }

  /** Their partitions may have other owners: they join anew. */
  void loseAll() {
    List.copyOf(members).forEach(this::lose);
  }

  private void lose(GroupMember member) {
    member.lose(coordinator.nextNumber());
  }

  /** Those that wait to be taken out of the document, which there is none. */
  void leaveAll() {
    for (var member : List.copyOf(members)) {
      if (member.state() == State.LEAVING) {
        member.left();
      }
    }
  }

  /** Whether a group without a document is to get one. Members of a former document are lost. */
  boolean isDocumentWanted() {
    for (var member : List.copyOf(members)) {
      if (member.state() == State.JOINED) {
        lose(member);
      }
    }
    return coordinator.mayJoin()
        && members.stream().anyMatch(member -> member.state() == State.JOINING);
  }

  /** Takes members out that are gone, puts own ones in, and gives up what they have released. */
  void enter(GroupDocument wanted) {
    wanted.members.removeIf(share -> isGone(share.id));
    for (var member : List.copyOf(members)) {
      var share = wanted.member(id(member));
      if (share != null) {
        member.endOthers(share);
      } else if (member.state() == State.JOINED) {
        lose(member);
      }
      if (share == null && member.state() == State.JOINING && coordinator.mayJoin()) {
        share = new MemberShare(id(member));
        wanted.members.add(share);
      }
      if (share != null && member.state() == State.JOINED) {
        member.giveUp(share);
      }
    }
  }

  private boolean isGone(MemberId id) {
    if (!id.gateway().equals(coordinator.id())) {
      return coordinator.isGone(id.gateway());
    }
    for (var member : members) {
      if (member.number() == id.number()) {
        return member.state() == State.LEAVING;
      }
    }
    // Of a write whose outcome was not known.
    return true;
  }

  private MemberId id(GroupMember member) {
    return new MemberId(coordinator.id(), member.number());
  }

  /** What a write that is about to begin gives up, by member. */
  Map<GroupMember, List<Integer>> released() {
    var released = new LinkedHashMap<GroupMember, List<Integer>>();
    for (var member : members) {
      if (member.state() == State.JOINED) {
        released.put(member, member.released());
      }
    }
    return released;
  }

  /** What the document says begins and ends: nobody else takes anything from a live gateway. */
  void apply(GroupDocument written) {
    for (var member : List.copyOf(members)) {
      var share = written.member(id(member));
      if (share != null) {
        member.apply(share);
      } else if (member.state() == State.LEAVING) {
        member.left();
      }
    }
  }
}
