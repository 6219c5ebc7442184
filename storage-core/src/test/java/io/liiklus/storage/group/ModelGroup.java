package io.liiklus.storage.group;

import static io.liiklus.storage.group.ModelWorld.SECOND;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is true of a group, whatever its members think; and what must hold of it. */
final class ModelGroup {

  final String key;
  final ModelTopic topic;
  final Map<Integer, Long> acked = new HashMap<>();
  final Map<Integer, Long> delivered = new HashMap<>();

  /** By partition, what the owner that gave it up had stored. */
  private final Map<Integer, Long> handedOver = new HashMap<>();

  private final Map<Integer, Long> highest = new HashMap<>();

  /** Until when the position was below what it once was, by a write that was late. */
  private final Map<Integer, Long> lowUntil = new HashMap<>();

  final List<Integer> begun = new ArrayList<>();
  long changedAt;
  long topicChangedAt;
  long writtenAt;
  int causes;
  private int writes;
  private int creations;
  private int removals;
  private int releases;

  private final ModelWorld world;

  ModelGroup(ModelWorld world, String key, ModelTopic topic) {
    this.world = world;
    this.key = key;
    this.topic = topic;
  }

  String positionKey(int partition) {
    return "p/" + key + "/" + partition;
  }

  void onCause(int count) {
    causes += count;
    changedAt = world.now;
  }

  /** Null: there is none. */
  GroupDocument document() {
    var row = world.store.rows.get(key);
    return row == null ? null : parse(row.value());
  }

  private static GroupDocument parse(byte[] value) {
    try {
      return value == null ? new GroupDocument() : GroupDocument.parse(value);
    } catch (GroupDocument.UnreadableException e) {
      throw new AssertionError(e);
    }
  }

  List<ModelMember> members() {
    return world.members.stream()
        .filter(member -> member.group == this && !member.gateway.isDead)
        .toList();
  }

  void onPosition(ModelMember.Hold hold, long offset) {
    world.trace("%s stores %d of %s/%d", hold.member, offset, key, hold.partition);
    if (world.scenario.mode == ModelScenario.Mode.CALM) {
      checkStoredByOwner(hold);
    }
    highest.merge(hold.partition, offset, Math::max);
    if (offset < highest.get(hold.partition)) {
      lowUntil.put(hold.partition, Long.MAX_VALUE);
    } else {
      lowUntil.computeIfPresent(hold.partition, (p, until) -> Math.min(until, world.now));
    }
  }

  /** A partition is given up once its acks are stored, and not before. */
  private void checkStoredByOwner(ModelMember.Hold hold) {
    var document = document();
    var owner = document == null ? null : document.owner(hold.partition);
    if (owner == null || !owner.id.equals(hold.member.id())) {
      world.fail(
          "late ack", "%s stores %s/%d behind its release", hold.member, key, hold.partition);
    }
  }

  /** No record is skipped; the last acks of the owner before are seen; parents were read. */
  void onBegun(ModelMember.Hold hold, long askedAt) {
    int p = hold.partition;
    world.begins++;
    begun.add(p);
    world.trace("%s begins %s/%d at %d", hold.member, key, p, hold.start);
    long lastAcked = acked.getOrDefault(p, -1L);
    if (hold.start > lastAcked + 1) {
      world.fail("skip", "%s begins %d at %d, acked %d", hold.member, p, hold.start, lastAcked);
    }
    var least = handedOver.get(p);
    boolean wasLow = lowUntil.getOrDefault(p, -1L) >= askedAt;
    if (least != null && !wasLow && !world.hasForgotten() && hold.start <= least) {
      world.fail("acks", "%s begins %d at %d, stored %d", hold.member, p, hold.start, least);
    }
    for (int parent : topic.parts.get(p).parents) {
      var of = topic.parts.get(parent);
      long read = delivered.getOrDefault(parent, 0L);
      if (of.isListed(world.now) && read < of.end(world.now, world.stopAt)) {
        world.fail("parents", "%s begins %d before the end of %d", hold.member, p, parent);
      }
    }
  }

  /** Nobody reads what another owns, but one that was paused or is cut off. */
  void checkOwner(ModelMember.Hold hold) {
    world.deliveries++;
    var gateway = hold.member.gateway;
    var document = document();
    var owner = document == null ? null : document.owner(hold.partition);
    boolean isOwn = owner != null && owner.id.equals(hold.member.id());
    boolean isTakenOut = owner == null && !topic.parts.get(hold.partition).isListed(world.now);
    if (isOwn || isTakenOut) {
      return;
    }
    boolean isCut = gateway.isStoreAtFault && gateway.coordinator.lease().isAway();
    if (!isCut && !gateway.isFrozenUnanswered && !world.mayNotKnow(gateway, key)) {
      world.fail(
          "double",
          "%s reads %s/%d of %s, away=%s",
          hold.member,
          key,
          hold.partition,
          owner == null ? "nobody" : owner.id,
          gateway.coordinator.lease().isAway());
    }
  }

  void onWrite(ModelGateway by, byte[] before, byte[] after) {
    writes++;
    writtenAt = world.now;
    var old = parse(before);
    var document = parse(after);
    if (world.isTracing) {
      world.trace("%s writes %s: %s", by, key, document.format().replace("\n", "; "));
    }
    creations += before == null ? 1 : 0;
    removals += after == null ? 1 : 0;
    if (after != null) {
      checkDocument(document, after, old);
    }
    if (!old.partitions.equals(document.partitions) || !old.ended.equals(document.ended)) {
      onCause(1);
      topicChangedAt = world.now;
    }
    boolean isRelease = false;
    for (int p = 0; p < topic.parts.size(); p++) {
      var was = old.owner(p);
      var is = document.owner(p);
      if (was != null && (is == null || !is.id.equals(was.id))) {
        isRelease = true;
        onTaken(by, was.id, p, document);
      }
    }
    releases += isRelease ? 1 : 0;
  }

  private void checkDocument(GroupDocument document, byte[] text, GroupDocument old) {
    var again = document.copy();
    AssignmentPlan.apply(again);
    if (!again.format().equals(document.format())) {
      world.fail("plan", "%s%nbecomes%n%s", document.format(), again.format());
    }
    if (document.format().equals(old.format())) {
      world.fail("same", "%s is written as it was", key);
    }
    if (document.members.isEmpty()) {
      world.fail("empty", "%s has no members", key);
    }
    world.largestDocument = Math.max(world.largestDocument, text.length);
  }

  private void onTaken(ModelGateway by, MemberId was, int partition, GroupDocument document) {
    var owner = world.ids.get(was.gateway());
    if (by == owner && was.gateway().equals(by.id())) {
      for (var member : by.members) {
        var hold = member.holds.get(partition);
        if (member.group == this && member.number() == was.number() && hold != null) {
          handedOver.put(partition, hold.stored);
        }
      }
      return;
    }
    handedOver.remove(partition);
    boolean isAlive = owner.isAliveAs(was.gateway());
    if (isAlive && document.partitions.get(partition) && !world.hasForgotten()) {
      world.fail("taken", "%s takes %s/%d from %s, which lives", by, key, partition, was);
    }
  }

  /** Null where all is owned, evenly, and read by the members that the document names. */
  String unsettled() {
    var wanted = members();
    if (wanted.isEmpty()) {
      return null;
    }
    var document = document();
    if (document == null) {
      return "no document";
    }
    if (document.members.size() != wanted.size()) {
      return document.members.size() + " of " + wanted.size() + " members";
    }
    int least = Integer.MAX_VALUE;
    int most = 0;
    for (var member : wanted) {
      var share = document.member(member.id());
      if (share == null) {
        return member + " is not in";
      }
      int owned = share.owned.cardinality();
      if (!share.revoking.isEmpty() || member.reading() != owned) {
        return member + " reads " + member.reading() + " of " + owned;
      }
      if (!member.gateway.coordinator.isReadable()) {
        return member + " holds back";
      }
      least = Math.min(least, owned);
      most = Math.max(most, owned);
    }
    int owned = document.members.stream().mapToInt(share -> share.owned.cardinality()).sum();
    boolean isEven = most - least <= 1;
    return isEven && owned == document.partitions.cardinality()
        ? null
        : owned + " owned, " + least + " to " + most;
  }

  /** Behind the end: everything was acked, writes were bounded, no ghost is left. */
  void checkRest() {
    var document = document();
    if (members().isEmpty()) {
      if (document != null) {
        // Members of dead gateways stay until somebody looks at the group again.
        for (var share : document.members) {
          if (!world.ids.get(share.id.gateway()).isDead) {
            world.fail("ghost", "%s names %s", key, share.id);
          }
        }
      }
      return;
    }
    for (var part : topic.parts) {
      long end = part.end(world.now, world.stopAt);
      long last = acked.getOrDefault(part.id, -1L);
      if (part.isListed(world.now) && last != end - 1) {
        world.fail("unread", "%s/%d: acked %d of %d", key, part.id, last, end);
      }
    }
    int bound = creations + removals + causes + releases;
    if (writes > bound && !world.hasForgotten()) {
      world.fail("writes", "%s: %d writes, at most %d", key, writes, bound);
    }
  }

  /** Whether the topic has changed in the last seconds. */
  boolean isTopicYoung() {
    return topicChangedAt > world.now - 10 * SECOND;
  }
}
