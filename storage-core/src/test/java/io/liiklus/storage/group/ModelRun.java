package io.liiklus.storage.group;

import static io.liiklus.storage.group.ModelWorld.CALL_TIMEOUT;
import static io.liiklus.storage.group.ModelWorld.INTERVAL;
import static io.liiklus.storage.group.ModelWorld.MS;
import static io.liiklus.storage.group.ModelWorld.SECOND;
import static io.liiklus.storage.group.ModelWorld.SESSION;

import io.liiklus.storage.group.ModelScenario.Change;
import io.liiklus.storage.group.ModelScenario.Mode;
import io.liiklus.storage.group.ModelWorld.Violation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** One scenario, from its start to the checks behind its end. Confined to the test's thread. */
final class ModelRun {

  private final ModelScenario scenario;
  private final ModelWorld world;
  private final List<ModelGroup> groups;
  private final ModelChanges changes;
  private final Map<ModelGateway, Long> heldSince = new HashMap<>();

  // Of calm runs.
  private Change last;
  private long changedAt;
  private boolean isChecked = true;
  private List<GroupDocument> before = List.of();

  private ModelRun(ModelScenario scenario, boolean isTracing) {
    this.scenario = scenario;
    this.world = new ModelWorld(scenario, isTracing);
    this.groups = List.copyOf(world.groups.values());
    this.changes = new ModelChanges(world);
  }

  /** Null where all holds. */
  static Violation violation(ModelScenario scenario, boolean isTracing, ModelFigures figures) {
    var run = new ModelRun(scenario, isTracing);
    try {
      run.run();
      return null;
    } catch (Violation violation) {
      return violation;
    } finally {
      figures.add(run.world);
    }
  }

  private void run() {
    for (int i = 0; i < scenario.gateways; i++) {
      world.start();
    }
    for (int i = 0; i < scenario.members; i++) {
      int choice = i;
      long within = (scenario.mode == Mode.CALM ? 2 : 5) * SECOND;
      world.at(world.random.nextLong(within), null, () -> joinAnywhere(choice));
    }
    for (var change : scenario.changes) {
      world.at(change.at(), null, () -> apply(change));
    }
    if (scenario.mode == Mode.OUTAGE) {
      world.at(5 * SECOND, null, this::watchHeldReads);
    }
    if (scenario.mode == Mode.CALM) {
      world.at(12 * SECOND, null, this::watchCalm);
    }
    world.run(scenario.healAt);
    world.heal();
    settle();
    rest();
  }

  private void joinAnywhere(int choice) {
    var live = world.live();
    if (!live.isEmpty()) {
      world.join(ModelChanges.pick(live, choice * 7 + 3), ModelChanges.pick(groups, choice));
    }
  }

  /** Everything is owned within 3 ticks and a session timeout of the last change. */
  private void settle() {
    long settledAt = -1;
    while (settledAt < 0
        || world.now < settledAt + 3 * SECOND
        || world.now < scenario.healAt + 14 * SECOND) {
      world.run(world.now + SECOND / 4);
      boolean isSettled = groups.stream().allMatch(group -> group.unsettled() == null);
      if (!isSettled) {
        settledAt = -1;
      } else if (settledAt < 0) {
        settledAt = world.now;
      }
      long changed = groups.stream().mapToLong(group -> group.topicChangedAt).max().orElse(0);
      if (!isSettled && world.now > Math.max(scenario.healAt, changed) + bound()) {
        failUnsettled("unsettled");
      }
    }
  }

  /** With a call that was open when the last fault ended, and some round trips. */
  private long bound() {
    long ticks = 3 * INTERVAL * 11 / 10;
    long trips = 24 * Math.min(scenario.latency, 100 * MS);
    return SESSION * 102 / 100 + ticks + CALL_TIMEOUT + trips + SECOND / 2;
  }

  private void failUnsettled(String kind) {
    for (var group : groups) {
      if (group.unsettled() != null) {
        var document = group.document();
        world.fail(
            kind,
            "%s: %s, %s",
            group.key,
            group.unsettled(),
            document == null ? "none" : document.format().replace("\n", "; "));
      }
    }
  }

  /** Nothing is written while nothing changes. */
  private void rest() {
    long quietFrom = world.now + SECOND;
    world.run(world.now + 25 * SECOND);
    for (var group : groups) {
      if (group.writtenAt > Math.max(quietFrom, group.changedAt + bound())) {
        world.fail("restless", "%s is written after all was settled", group.key);
      }
    }
    failUnsettled("unsettled later");
    while (groups.stream().anyMatch(ModelGroup::isTopicYoung)) {
      world.run(world.now + SECOND);
    }
    groups.forEach(ModelGroup::checkRest);
    world.checkRows();
  }

  private void apply(Change change) {
    world.trace("---- %s", change);
    last = change;
    changedAt = world.now;
    isChecked = false;
    before = groups.stream().map(ModelRun::documentOf).toList();
    groups.forEach(group -> group.begun.clear());
    changes.apply(change);
  }

  private static GroupDocument documentOf(ModelGroup group) {
    var document = group.document();
    return document == null ? new GroupDocument() : document;
  }

  /** While the store is away records flow on, but for the few round trips of its return. */
  private void watchHeldReads() {
    for (var gateway : world.gateways) {
      boolean isReading = gateway.members.stream().anyMatch(member -> member.reading() > 0);
      if (gateway.isDead || gateway.coordinator.isReadable() || !isReading) {
        heldSince.remove(gateway);
        continue;
      }
      long since = heldSince.computeIfAbsent(gateway, added -> world.now);
      if (world.now - since > 2 * CALL_TIMEOUT + SECOND / 2) {
        world.fail("held", "%s holds reads back since %.3f", gateway, since / 1e9);
      }
    }
    if (world.now < scenario.healAt + 20 * SECOND) {
      world.at(world.now + 50 * MS, null, this::watchHeldReads);
    }
  }

  private void watchCalm() {
    if (last != null && !isChecked && world.now > changedAt) {
      if (groups.stream().allMatch(ModelRun::isDone)) {
        isChecked = true;
        checkMoves();
      } else {
        boolean isGrowth = last.kind() == ModelScenario.Kind.GROW;
        long ticks = 3 * INTERVAL * 11 / 10 + (isGrowth ? 8 * SECOND : 0);
        if (world.now > changedAt + SESSION * 102 / 100 + ticks + 24 * scenario.latency) {
          failUnsettled("late");
          world.fail("late", "%s", last);
        }
      }
    }
    world.at(world.now + 100 * MS, null, this::watchCalm);
  }

  private static boolean isDone(ModelGroup group) {
    var document = group.document();
    return group.unsettled() == null
        && (document == null
            || group.members().isEmpty()
            || document.partitions.cardinality() == group.topic.parts.size());
  }

  /** A member that stays keeps what it had, but for what others must get to have their share. */
  private void checkMoves() {
    for (int i = 0; i < groups.size(); i++) {
      var document = documentOf(groups.get(i));
      int taken = 0;
      int due = 0;
      for (var share : before.get(i).members) {
        var now = document.member(share.id);
        if (now != null) {
          var lost = (BitSet) share.owned.clone();
          lost.andNot(now.owned);
          taken += lost.cardinality();
        }
      }
      for (var share : document.members) {
        due += before.get(i).member(share.id) == null ? share.owned.cardinality() : 0;
      }
      if (taken > due) {
        world.fail("moved", "%s: %d were taken, %d were due", last, taken, due);
      }
      var begun = new ArrayList<>(groups.get(i).begun);
      if (new HashSet<>(begun).size() != begun.size()) {
        world.fail("moved", "%s: began twice %s", last, begun);
      }
    }
  }
}
