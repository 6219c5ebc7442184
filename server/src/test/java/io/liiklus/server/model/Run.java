package io.liiklus.server.model;

import io.liiklus.server.model.ModelFaults.Fault;
import java.time.Duration;
import java.util.List;

/** One script on its way through a world of its own. */
final class Run {

  private static final long[] TIMES_MS = {1, 10, 60, 250, 1_000, 31_000};
  private static final int CANCELLED_ACK = 11;
  private static final int PLENTY = 1_000_000;

  private final World world;
  private final Witness witness;
  private final List<Op> ops;
  private int at;

  private Run(Script script) {
    this.world = new World(script.shape());
    this.witness = world.witness;
    this.ops = script.ops();
  }

  /**
   * Does what the script says, then lets all faults heal and sees that everything comes to its end.
   *
   * @throws Witness.BrokenPromise what was not as it must be
   */
  static void of(Script script) {
    var run = new Run(script);
    run.some(script.ops().size());
    new Settling(run.world).settle();
  }

  /** So many steps of what is left. */
  private void some(int steps) {
    for (int i = 0; i < steps && at < ops.size(); i++) {
      step(ops.get(at++));
      world.checkNow();
    }
  }

  private void step(Op op) {
    world.stir();
    int partition = op.a() % ModelTopic.PARTITIONS;
    var member = world.slot(op.a());
    switch (op.kind()) {
      case OPEN -> world.open(op.a() % World.SLOTS, op.b() % 2 == 0, op.c() % 4 == 0 ? 0 : PLENTY);
      case ASSIGN -> world.assign(partition, op.b());
      case TURN -> turn(op);
      case TAIL -> twice(() -> tail(op), op);
      case CATCH_UP -> twice(() -> catchUp(op), op);
      case FAIL -> fail(op);
      case RUN -> run(world.loops.get(op.a() % World.LOOPS), op.b() % 6);
      case TIME -> pass(TIMES_MS[op.a() % TIMES_MS.length]);
      case APPEND -> world.topic.append(partition, 1 + op.b() % 8, op.c());
      case EXPIRE -> world.topic.expire(partition, op.b() % 8);
      case CUT -> world.topic.cut(partition, op.b() % 6);
      case COMPACT -> world.topic.compact(partition, op.b());
      case SPOIL -> world.topic.spoil(partition, op.b());
      case HOLD -> world.topic.hold(partition);
      case DRAIN -> world.drain(() -> some(op.c() % 4));
      case ANEW -> world.topic.makeAnew();
      case POSITIONS -> world.positions.gate.mode(op.a());
      case LOOKUPS -> world.topic.gate.mode(op.a());
      case ANSWER -> answer(op);
      case DEMAND -> demand(op);
      case CANCEL -> cancel(op);
      case AGAIN -> again(op);
      default -> {
        if (member != null) {
          stepOf(member, op);
        }
      }
    }
  }

  private void stepOf(Member member, Op op) {
    switch (op.kind()) {
      case CLOSE -> member.cancel();
      case EAGER -> member.isEager = true;
      case LOSE -> member.group.kickOut(member);
      case REFUSE -> {
        if (member.consumer != null) {
          member.consumer.refuse();
        }
      }
      case DEMAND_SUBSCRIBE -> member.demand(1 + op.b() % 3);
      case RECEIVE -> receive(member, op);
      case ACK -> ack(member, op);
      default -> throw new AssertionError(op);
    }
  }

  private void turn(Op op) {
    var turnable = world.members.stream().filter(Member::canTurn).toList();
    if (turnable.isEmpty()) {
      return;
    }
    var before = world.revocation;
    world.revocation = () -> some(op.c());
    turnable.get(op.a() % turnable.size()).turn(() -> some(op.b()));
    world.revocation = before;
  }

  /** What is done during the poll must wake it: else the next round may find nothing new. */
  private void twice(Runnable round, Op op) {
    world.faults.during(round, () -> some(op.b()));
    if (op.c() % 2 == 0) {
      round.run();
    }
  }

  private void tail(Op op) {
    world.reading.turnTail(op.a() % world.reading.tails());
  }

  private void catchUp(Op op) {
    if (world.reading.catchUps() > 0) {
      world.reading.turnCatchUp(op.a() % world.reading.catchUps());
    }
  }

  private void fail(Op op) {
    boolean isOfTail = op.a() % 2 == 0;
    switch (op.b() % 8) {
      case 0 -> world.faults.refuseToOpen();
      case 1 -> world.faults.add(isOfTail, Fault.REFUSED);
      case 2 -> world.faults.add(isOfTail, Fault.OURS);
      case 3 -> world.faults.refuseToClose();
      case 4 -> {
        var member = world.slot(op.a());
        if (member != null && member.consumer != null) {
          member.consumer.isCutOff = true;
        }
      }
      default -> world.faults.add(isOfTail, Fault.PASSING);
    }
  }

  private static void run(SteppedEventLoop loop, int tasks) {
    int left = tasks == 0 ? Integer.MAX_VALUE : tasks;
    while (left > 0 && loop.runOne()) {
      left--;
    }
  }

  private void pass(long ms) {
    witness.clockNs += Duration.ofMillis(ms).toNanos();
  }

  private void answer(Op op) {
    var gate = op.a() % 3 == 0 ? world.topic.gate : world.positions.gate;
    gate.answer(op.c(), Math.max(0, op.b() % 8 - 4));
  }

  private void receive(Member member, Op op) {
    if (member.sessionId() == null) {
      return;
    }
    int partition = op.b() % ModelTopic.PARTITIONS;
    var log = world.topic.partition(partition);
    var last = member.lastDelivered(partition);
    int options = op.c();
    long lastKnown =
        switch (options % 8) {
          case 0 -> last == null ? 0 : last;
          case 1 -> Math.max(0, log.start() + op.a() % 4 - 1);
          case 2 -> log.end() + op.a() % 2 - 1;
          case 3 -> -1;
          default -> 0;
        };
    int batch = (options >> 3 & 1) * (1 + op.a() % 4);
    boolean isEvents = (options >> 4 & 3) == 0;
    var wish = new ModelReceive.Wish(partition, Math.max(-1, lastKnown), isEvents, batch);
    receive(member, wish, op);
  }

  private void receive(Member member, ModelReceive.Wish wish, Op op) {
    var receive = new ModelReceive(world, member, wish, world.loops.get(op.a() % World.LOOPS));
    world.receives.add(receive);
    receive.demand(op.a() % 5 == 0 ? PLENTY : op.a() % 5);
    receive.start();
  }

  private void demand(Op op) {
    var open = world.receives.stream().filter(receive -> !receive.isOver()).toList();
    if (!open.isEmpty()) {
      open.get(op.a() % open.size()).demand(op.b() % 8 == 0 ? PLENTY : op.b() % 8);
    }
  }

  private void cancel(Op op) {
    var open = world.receives.stream().filter(receive -> !receive.isOver()).toList();
    if (!open.isEmpty()) {
      var receive = open.get(op.a() % open.size());
      receive.cancel();
      if (op.b() % 2 == 1) {
        receive(receive.member, receive.wish, op);
      }
    }
  }

  private void again(Op op) {
    var open = world.receives.stream().filter(receive -> !receive.isOver()).toList();
    if (!open.isEmpty()) {
      var receive = open.get(op.a() % open.size());
      receive.cancel();
      var wish = receive.wish;
      receive(receive.member, new Op(op.kind(), op.a(), wish.partition(), op.c()));
      world.loops.forEach(loop -> run(loop, 0));
    }
  }

  private void ack(Member member, Op op) {
    int partition = op.b() % ModelTopic.PARTITIONS;
    var last = member.lastDelivered(partition);
    int options = op.c();
    boolean isOfSession = (options & 8) == 0;
    if (last == null || (isOfSession && member.sessionId() == null)) {
      return;
    }
    long offset =
        switch (options & 7) {
          case 0 -> -1;
          case 1 -> Math.max(-1, last - op.a());
          case 2 -> world.topic.partition(partition).end() + op.a();
          default -> last;
        };
    var wish = new ModelAck.Wish(partition, offset, isOfSession, (options & 48) != 0);
    var ack = new ModelAck(world, member, wish, world.loops.get(op.a() % World.LOOPS));
    ack.start();
    if (op.a() == CANCELLED_ACK) {
      ack.cancel();
    }
  }
}
