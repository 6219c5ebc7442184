package io.liiklus.storage.group;

import static io.liiklus.storage.group.ModelWorld.MS;
import static io.liiklus.storage.group.ModelWorld.SECOND;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.CoordinationStore.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupCoordinatorTest {

  private final ModelWorld world = world();
  private final ModelGroup group = world.groups.values().iterator().next();

  private static ModelWorld world() {
    var scenario = ModelScenario.draw(ModelScenario.Mode.CALM, 1).with(List.of());
    scenario.partitions = new int[] {4};
    scenario.latency = MS / 10;
    return new ModelWorld(scenario, false);
  }

  @Test
  void keys_ofTopicsWithSlashes_differ() {
    assertThat(GroupCoordinator.key("a/b", "c")).isNotEqualTo(GroupCoordinator.key("a", "b/c"));
    assertThat(GroupCoordinator.key("a%2Fb", "c")).isNotEqualTo(GroupCoordinator.key("a/b", "c"));
  }

  @Test
  void join_waitsForNoTick() {
    var gateway = world.start();
    gateway.subscribe(group);
    world.run(20 * MS);
    assertThat(gateway.members.get(0).holds).hasSize(4);
  }

  @Test
  void secondMemberOfAGateway_getsItsShareWithoutATick() {
    var gateway = world.start();
    gateway.subscribe(group);
    world.run(20 * MS);
    gateway.subscribe(group);
    world.run(60 * MS);
    assertThat(gateway.members.get(1).holds).hasSize(2);
  }

  @Test
  void newerDocument_isLeftAloneUntilItIsGone() {
    var newer = new Row(7, "2\nof a later release\n".getBytes(UTF_8));
    world.store.rows.put(group.key, newer);
    var gateway = world.start();
    gateway.subscribe(group);
    world.run(5 * SECOND);
    assertThat(gateway.members.get(0).holds).isEmpty();
    assertThat(world.store.rows).containsEntry(group.key, newer);

    world.store.rows.remove(group.key);
    world.run(8 * SECOND);
    assertThat(gateway.members.get(0).holds).hasSize(4);
  }

  @Test
  void lateWrite_isTakenBackThoughTheStoreCouldNotBeRead() {
    var gateway = world.start();
    gateway.subscribe(group);
    world.run(2 * SECOND);
    var written = world.store.rows.get(group.key).value();
    world.leave(gateway.members.get(0));
    world.run(4 * SECOND);
    assertThat(world.store.rows).doesNotContainKey(group.key);

    world.store.fault = ModelStore.Fault.NO_READS;
    world.store.faultUntil = world.now + 2 * ModelWorld.SESSION;
    world.store.rows.put(group.key, new Row(1_000, written));
    world.run(world.store.faultUntil + 3 * SECOND);

    assertThat(world.store.rows).doesNotContainKey(group.key);
  }

  @Test
  void gatewayWithoutMembers_leavesNoRow() {
    var gateway = world.start();
    gateway.subscribe(group);
    world.run(2 * SECOND);
    world.leave(gateway.members.get(0));
    world.run(20 * SECOND);
    assertThat(world.store.rows.keySet()).noneMatch(key -> !key.startsWith("p/"));
  }
}
