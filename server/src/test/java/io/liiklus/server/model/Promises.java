package io.liiklus.server.model;

/** Promises of the gateway that must hold once all is at rest. Confined to the test's thread. */
final class Promises {

  private final World world;
  private final Witness witness;

  Promises(World world) {
    this.world = world;
    this.witness = world.witness;
  }

  void requireDelivered() {
    for (var group : world.groups) {
      for (int i = 0; i < ModelTopic.PARTITIONS; i++) {
        requireDelivered(group, i);
      }
    }
    for (var receive : world.receives) {
      witness.require(receive.isOver() || receive.isReceivedNow(), "%s: it does not end", receive);
    }
  }

  private void requireDelivered(ModelGroup group, int partition) {
    var member = group.target(partition);
    if (member == null) {
      return;
    }
    var holding = member.held(partition);
    witness.require(holding != null, "%s: partition %d does not come", member, partition);
    witness.require(holding.isTold, "%s: nobody is told of partition %d", member, partition);
    witness.require(
        holding.isOfNow(world.topic),
        "%s: partition %d is of a topic that is gone",
        member,
        partition);
    witness.require(
        !holding.isDoubtful || isStart(holding),
        "%s: partition %d of the topic made anew begins at %d",
        member,
        partition,
        holding.startOffset);
    var running =
        world.receives.stream()
            .filter(receive -> receive.isOf(holding) && receive.isRunning())
            .toList();
    witness.require(
        running.size() == 1, "%s: partition %d: %s receive", member, partition, running);
    var next = running.get(0).next();
    witness.require(next == null, "%s: %s does not come", running, next);
  }

  private boolean isStart(Holding holding) {
    return world.topic.partition(holding.partition).held.from(0).stream()
        .anyMatch(held -> held.range().start() == holding.startOffset);
  }

  void requireNothingLeft() {
    for (var receive : world.receives) {
      witness.require(receive.isOver(), "%s: it does not end", receive);
    }
    for (var member : world.members) {
      witness.require(member.isOver() && member.hasLeft(), "%s: it does not end", member);
      witness.require(!member.isRead(), "%s: a read does not end", member);
    }
    var left = world.reading.whatIsLeft();
    witness.require(left == null, "%s and nobody is there to read", left);
    witness.require(world.calls.openStreams() == 0, "streams are left");
    witness.require(world.isDraining || world.sessions.count() == 0, "sessions are left");
    witness.require(world.gatewayAcks.waiting() == 0, "acks wait");
    for (var loop : world.loops) {
      witness.require(!loop.hasTasks(), "tasks are left");
    }
  }
}
