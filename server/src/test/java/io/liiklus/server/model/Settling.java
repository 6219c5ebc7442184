package io.liiklus.server.model;

import io.grpc.Status;
import io.liiklus.server.model.ModelReceive.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of a script: all faults heal, all clients take what there is, and everything that was to
 * come must come; then all is closed, and nothing may be left.
 */
final class Settling {

  /** Longer than anything waits before it tries again, but for the look at the topic. */
  private static final Duration ROUND = Duration.ofMillis(510);

  /** Longer than between two looks at the topic. */
  private static final Duration FIRST_ROUNDS = Duration.ofSeconds(31);

  private static final int FIRST = 3;

  /** Rounds in which nothing happens, until it is believed that nothing will. */
  private static final int QUIET = 3;

  private static final int FLOOD = 10;

  /** Short beside the time of one write at the slowest pace. */
  private static final Duration FLOOD_ROUND = Duration.ofMillis(60);

  /** How many steps catch-up readers have in a round. */
  private static final int CATCH_UPS = 24;

  private static final int MOST_ROUNDS = 1_000;
  private static final int PLENTY = 1_000_000;

  private final World world;
  private final Witness witness;
  private final Promises promises;

  Settling(World world) {
    this.world = world;
    this.witness = world.witness;
    this.promises = new Promises(world);
  }

  void settle() {
    world.positions.gate.mode(0);
    world.topic.gate.mode(0);
    world.topic.release();
    world.topic.growAnew();
    world.faults.heal();
    world.revocation = this::runAll;
    if (!world.isDraining) {
      rest(true);
      promises.requireDelivered();
      world.acks.requireSettled(world.positions);
      // Once more, from what is stored.
      world.receives.forEach(SteppedCall::cancel);
      rest(true);
      promises.requireDelivered();
      flood();
      rest(true);
      world.acks.requireSettled(world.positions);
      end();
    }
    rest(false);
    world.acks.requireSettled(world.positions);
    if (world.isDraining) {
      ackAtLast();
      var unused = world.sessions.closeAll();
    }
    promises.requireNothingLeft();
  }

  /** More acks than may be written at once; those that are left do not wait for a revocation. */
  private void flood() {
    world.isCalm = true;
    for (int round = 0; round < FLOOD; round++) {
      acks().forEach(ModelAck::start);
      runAll();
      world.checkNow();
      witness.clockNs += FLOOD_ROUND.toNanos();
    }
    for (var member : world.members) {
      acks().forEach(ModelAck::start);
      runAll();
      member.isEager = true;
      if (member.canTurn()) {
        member.turn(() -> {});
      }
      world.checkNow();
    }
  }

  /** With acks that wait for their turn, which a gateway that ends writes at once. */
  private void end() {
    var acks = acks();
    acks.forEach(ModelAck::start);
    runAll();
    if (world.endsByDrain) {
      world.drain(this::runAll);
      runAll();
      requireOver(acks);
    } else {
      world.members.forEach(SteppedCall::cancel);
    }
  }

  /** A gateway that has ended its streams takes acks of what they delivered, and they wait not. */
  private void ackAtLast() {
    var acks = acks();
    acks.forEach(ModelAck::start);
    runAll();
    requireOver(acks);
  }

  private void requireOver(List<ModelAck> acks) {
    acks.forEach(ack -> witness.require(ack.isOver(), "an ack waits while the gateway ends"));
    world.checkNow();
  }

  /** Of what each session was delivered last. */
  private List<ModelAck> acks() {
    var acks = new ArrayList<ModelAck>();
    for (var member : world.members) {
      for (int i = 0; i < ModelTopic.PARTITIONS; i++) {
        var last = member.lastDelivered(i);
        if (last != null && !member.isForgotten()) {
          var wish = new ModelAck.Wish(i, last, true, true);
          acks.add(new ModelAck(world, member, wish, world.loops.get(i % World.LOOPS)));
        }
      }
    }
    return acks;
  }

  private void rest(boolean isReceiving) {
    int quiet = 0;
    for (int round = 0; quiet < QUIET || round < FIRST + QUIET; round++) {
      witness.require(round < MOST_ROUNDS, "it does not come to rest");
      long before = witness.now();
      round(isReceiving);
      quiet = witness.now() == before ? quiet + 1 : 0;
      witness.clockNs += (round < FIRST ? FIRST_ROUNDS : ROUND).toNanos();
      world.checkNow();
    }
    world.check(true);
    var read = world.reading.whatIsRead();
    witness.require(read == null, "%s and all was read", read);
  }

  private void round(boolean isReceiving) {
    for (var member : world.members) {
      member.demand(PLENTY);
    }
    world.receives.forEach(receive -> receive.demand(PLENTY));
    for (var member : world.members) {
      if (member.canTurn()) {
        // What is done meanwhile must wake it: else the next turn may find nothing new.
        member.turn(this::runAll);
      }
      if (member.canTurn()) {
        member.turn(() -> {});
      }
    }
    for (int i = 0; i < world.reading.tails(); i++) {
      int tail = i;
      world.stir();
      world.faults.during(() -> world.reading.turnTail(tail), this::turnMembers);
      world.reading.turnTail(tail);
    }
    for (int i = 0; i < CATCH_UPS && world.reading.catchUps() > 0; i++) {
      int reader = i % world.reading.catchUps();
      world.stir();
      world.faults.during(() -> world.reading.turnCatchUp(reader), this::runAll);
      if (reader < world.reading.catchUps()) {
        world.reading.turnCatchUp(reader);
      }
    }
    runAll();
    if (isReceiving) {
      for (var group : world.groups) {
        for (int i = 0; i < ModelTopic.PARTITIONS; i++) {
          receive(group, i);
        }
      }
    }
  }

  private void turnMembers() {
    for (var member : world.members) {
      if (member.canTurn()) {
        member.turn(this::runAll);
      }
    }
    runAll();
  }

  /** Until nothing is left to run or to answer. */
  private void runAll() {
    boolean isBusy = true;
    while (isBusy) {
      isBusy = false;
      while (!world.positions.gate.isIdle()) {
        world.positions.gate.answer(0, 0);
      }
      while (!world.topic.gate.isIdle()) {
        world.topic.gate.answer(0, 0);
      }
      for (var loop : world.loops) {
        while (loop.runOne()) {
          isBusy = true;
        }
      }
    }
  }

  /** Sees to it that a partition is received by who has it. */
  private void receive(ModelGroup group, int partition) {
    var member = group.target(partition);
    var holding = member == null ? null : member.held(partition);
    if (holding == null || member.sessionId() == null) {
      return;
    }
    var before = world.receives.stream().filter(receive -> receive.isOf(holding)).toList();
    if (before.stream().anyMatch(ModelReceive::isRunning)) {
      return;
    }
    before.stream().filter(this::isStuck).forEach(receive -> repair(partition, receive.stuckAt()));
    var wish = new Wish(partition, 0, false, 0);
    var receive = new ModelReceive(world, member, wish, world.loops.get(0));
    world.receives.add(receive);
    receive.demand(PLENTY);
    receive.start();
    witness.next();
  }

  private boolean isStuck(ModelReceive receive) {
    return receive.status() != null && receive.status().getCode() == Status.Code.DATA_LOSS;
  }

  /** Takes the unreadable record out of the log that stands there or, behind a gap, next. */
  private void repair(int partition, long offset) {
    var entries = world.topic.partition(partition).entries;
    var next = entries.ceilingEntry(offset);
    if (next != null && !next.getValue().isReadable()) {
      entries.remove(next.getKey());
    }
  }
}
