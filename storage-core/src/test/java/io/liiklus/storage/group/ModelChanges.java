package io.liiklus.storage.group;

import static io.liiklus.storage.group.ModelWorld.SECOND;

import io.liiklus.storage.group.ModelScenario.Change;
import io.liiklus.storage.group.ModelScenario.Mode;
import java.util.List;

/** What the changes of a scenario do to the world. Confined to the test's thread. */
final class ModelChanges {

  private final ModelWorld world;
  private final ModelScenario scenario;
  private final List<ModelGroup> groups;

  ModelChanges(ModelWorld world) {
    this.world = world;
    this.scenario = world.scenario;
    this.groups = List.copyOf(world.groups.values());
  }

  static <T> T pick(List<T> from, int choice) {
    return from.get(choice % from.size());
  }

  void apply(Change change) {
    var group = pick(groups, change.b());
    long until = Math.min(world.now + change.length(), scenario.healAt);
    switch (change.kind()) {
      case GROW -> group.topic.grow(1 + change.a() % 4);
      case SPLIT -> group.topic.split(change.a());
      case MERGE -> group.topic.merge(change.a());
      case EXPIRE -> group.topic.expire();
      case FORGET -> world.forget(world.now - change.length() % (2 * SECOND));
      case START -> world.join(world.start(), group);
      case STORE -> failStore(change, until);
      case LEAVE -> {
        if (!world.members.isEmpty()) {
          world.leave(pick(world.members, change.a()));
        }
      }
      default -> {
        var live = world.live();
        if (!live.isEmpty()) {
          apply(change, pick(live, change.a()), group, until);
        }
      }
    }
  }

  private void apply(Change change, ModelGateway gateway, ModelGroup group, long until) {
    switch (change.kind()) {
      case JOIN -> world.join(gateway, group);
      case KILL -> world.kill(gateway);
      case STOP -> stop(gateway);
      case PAUSE, FREEZE -> pause(change, gateway, until);
      case CUT -> {
        gateway.cutUntil = until;
        gateway.cut = fault(change.b());
      }
      case STORM -> {
        for (var each : world.live()) {
          for (int i = 0; i < 3; i++) {
            world.join(each, group);
          }
        }
      }
      default -> throw new AssertionError(change);
    }
  }

  private static ModelStore.Fault fault(int choice) {
    var faults = ModelStore.Fault.values();
    return faults[1 + choice % (faults.length - 1)];
  }

  private void failStore(Change change, long until) {
    world.store.faultUntil = until;
    world.store.fault =
        scenario.mode == Mode.OUTAGE
            ? pick(
                List.of(
                    ModelStore.Fault.REFUSE,
                    ModelStore.Fault.HANG,
                    ModelStore.Fault.READ_ONLY,
                    ModelStore.Fault.STALL),
                change.b())
            : fault(change.b());
  }

  private void stop(ModelGateway gateway) {
    world.members.removeIf(
        member -> {
          if (member.gateway == gateway) {
            member.group.onCause(1);
          }
          return member.gateway == gateway;
        });
    gateway.isClosing = true;
    world.at(world.now, gateway, gateway::stop);
  }

  /** A frozen machine's clock stands still; a paused process finds that time has passed. */
  private void pause(Change change, ModelGateway gateway, long until) {
    if (world.now < gateway.pausedUntil) {
      return;
    }
    gateway.pausedUntil = until;
    if (change.kind() == ModelScenario.Kind.FREEZE) {
      gateway.frozen += until - world.now;
      gateway.frozenUntil = until;
      gateway.isFrozenUnanswered = true;
    }
    if (change.b() % 3 == 0) {
      world.at(until, gateway, () -> reset(change, gateway));
    }
  }

  /** Connections that were open at a pause fail behind it. */
  private static void reset(Change change, ModelGateway gateway) {
    gateway.resets = 1 + change.b() % 2;
    List.copyOf(gateway.open).forEach(call -> call.fail("reset"));
  }
}
