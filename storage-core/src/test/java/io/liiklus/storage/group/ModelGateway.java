package io.liiklus.storage.group;

import static io.liiklus.storage.group.ModelWorld.SECOND;

import io.liiklus.api.StorageException;
import io.liiklus.storage.read.Commands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A gateway with the product's {@link GroupCoordinator}, on a loop in virtual time that can be
 * paused, and a clock that goes a little wrong. Confined to the test's thread.
 */
final class ModelGateway implements Commands {

  final ModelWorld world;
  final int index;
  final GroupCoordinator coordinator;
  final List<ModelMember> members = new ArrayList<>();
  final Set<ModelCall<?>> open = new LinkedHashSet<>();

  /** When the read of a row was sent whose answer has come. */
  final Map<String, Long> seenAt = new HashMap<>();

  boolean isDead;
  boolean isClosing;
  long pausedUntil;
  long frozenUntil;
  long frozen;
  boolean isFrozenUnanswered;
  long cutUntil;
  ModelStore.Fault cut = ModelStore.Fault.NONE;
  int resets;

  /** Whether a beat has failed by a fault of the store since the last good one. */
  boolean isStoreAtFault;

  private final double rate;
  private final Map<ModelTopic, TopicView> views = new HashMap<>();

  ModelGateway(ModelWorld world, int index) {
    this.world = world;
    this.index = index;
    this.rate = 1 + (world.random.nextDouble() - 0.5) * 0.02;
    this.coordinator =
        new GroupCoordinator(
            world.store.of(this),
            ModelWorld.SETTINGS,
            this,
            this::clock,
            new Random(world.random.nextLong()),
            () -> {});
    coordinator.start();
    noteId();
  }

  String id() {
    return coordinator == null ? "" : coordinator.id();
  }

  long clock() {
    return (long) ((world.now - frozen) * rate);
  }

  void after(long localDelay, Runnable task) {
    world.at(world.now + Math.max(1, (long) (localDelay / rate)), this, task);
  }

  @Override
  public void post(Runnable task) {
    world.at(world.now, this, task);
  }

  @Override
  public void postDelayed(long delayNs, Runnable task) {
    after(delayNs, task);
  }

  void noteId() {
    world.ids.put(id(), this);
  }

  /** Notes what became of a beat: a failure at once, else once the gateway has heard of it. */
  void noteBeat(CompletableFuture<?> answer, long sentAt) {
    var unused =
        answer.whenComplete(
            (value, failure) -> {
              if (failure == null) {
                post(() -> post(() -> onAnsweredBeat((OptionalLong) value, sentAt)));
              } else {
                isStoreAtFault |= StorageException.of(failure).getMessage().equals("injected");
              }
            });
  }

  private void onAnsweredBeat(OptionalLong value, long sentAt) {
    isFrozenUnanswered &= sentAt < frozenUntil;
    isStoreAtFault &= value.isEmpty();
  }

  /** A member that has another number now was lost in the meantime. */
  void noteLosses() {
    for (var member : members) {
      member.noteLoss();
    }
  }

  TopicView view(ModelTopic topic) {
    var view = views.get(topic);
    if (view == null) {
      view = new TopicView();
      views.put(topic, view);
      refresh(topic, view);
    }
    return view;
  }

  private void refresh(ModelTopic topic, TopicView view) {
    if (view.update(topic.listed(world.now), clock())) {
      coordinator.onTopicChanged(view);
    }
    after(3 * SECOND + world.random.nextLong(5 * SECOND), () -> refresh(topic, view));
  }

  void subscribe(ModelGroup group) {
    if (!isClosing) {
      var member = new ModelMember(this, group);
      members.add(member);
      world.members.add(member);
      member.join();
    }
  }

  /** Is asked to end. */
  void stop() {
    isClosing = true;
    coordinator.close(() -> world.kill(this));
    after(20 * SECOND, () -> world.kill(this));
  }

  /** Whether this gateway is of that id, and its row is there. */
  boolean isAliveAs(String id) {
    return !isDead && id().equals(id) && world.store.rows.containsKey(GatewayRow.key(id));
  }

  @Override
  public String toString() {
    return "G" + index;
  }
}
