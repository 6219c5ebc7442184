package io.liiklus.storage.group;

import static io.liiklus.storage.group.ModelWorld.MS;
import static io.liiklus.storage.group.ModelWorld.SECOND;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A member as the storage and its client are: looks up where to begin, reads, acks, ends. Confined
 * to the test's thread.
 */
final class ModelMember implements MemberPartitions {

  private static final long LONGEST_PULL = 800 * MS;

  /** Where an assignment stands. */
  enum Reading {
    ASKING,
    READING,
    ENDED
  }

  /** One assignment of a partition. */
  static final class Hold {
    final ModelMember member;
    final int partition;
    final String gatewayId;
    Reading state = Reading.ASKING;
    boolean isLost;
    long start;
    long next;
    long wanted = -1;
    long writing = -1;
    long stored = -1;
    boolean isWriting;
    Runnable onFlushed = () -> {};

    private Hold(ModelMember member, int partition) {
      this.member = member;
      this.partition = partition;
      this.gatewayId = member.gateway.id();
    }

    boolean isFlushed() {
      return !isWriting && wanted <= stored;
    }
  }

  final ModelGateway gateway;
  final ModelGroup group;

  /** The last assignment of each partition. */
  final Map<Integer, Hold> holds = new TreeMap<>();

  private final ModelWorld world;
  private GroupMember member;
  private int knownNumber;

  ModelMember(ModelGateway gateway, ModelGroup group) {
    this.gateway = gateway;
    this.group = group;
    this.world = gateway.world;
  }

  void join() {
    member = gateway.coordinator.join(group.key, gateway.view(group.topic), this);
    knownNumber = member.number();
    world.trace("%s subscribes %s", this, group.key);
  }

  void close() {
    member.close();
  }

  MemberId id() {
    return new MemberId(gateway.id(), member.number());
  }

  int number() {
    return member.number();
  }

  long reading() {
    return holds.values().stream().filter(hold -> hold.state == Reading.READING).count();
  }

  void noteLoss() {
    if (member != null && knownNumber != member.number()) {
      knownNumber = member.number();
      world.onMemberLost(this);
    }
  }

  @Override
  public void assign(Collection<Integer> partitions) {
    var asked = new ArrayList<Hold>();
    for (int partition : partitions) {
      var before = holds.get(partition);
      if (before != null && before.state != Reading.ENDED) {
        world.fail("twice", "%s is assigned %d and has it", this, partition);
      }
      var hold = new Hold(this, partition);
      holds.put(partition, hold);
      asked.add(hold);
    }
    ask(asked);
  }

  private void ask(Collection<Hold> wanted) {
    var asked = wanted.stream().filter(hold -> hold.state == Reading.ASKING).toList();
    if (asked.isEmpty()) {
      return;
    }
    var keys = new HashSet<String>();
    asked.forEach(hold -> keys.add(group.positionKey(hold.partition)));
    long askedAt = world.now;
    var unused =
        world
            .store
            .read(gateway, keys)
            .whenComplete(
                (rows, failure) -> {
                  if (failure != null) {
                    gateway.after(SECOND, () -> ask(asked));
                    return;
                  }
                  for (var hold : asked) {
                    if (hold.state == Reading.ASKING) {
                      var row = rows.get(group.positionKey(hold.partition));
                      hold.start = row == null ? 0 : number(row.value()) + 1;
                      hold.next = hold.start;
                      hold.state = Reading.READING;
                      group.onBegun(hold, askedAt);
                      pull(hold);
                    }
                  }
                });
  }

  private static long number(byte[] value) {
    return Long.parseLong(new String(value, UTF_8));
  }

  @Override
  public CompletionStage<Void> revoke(Collection<Integer> partitions) {
    var flushed = new CompletableFuture<Void>();
    var told = new ArrayList<Hold>();
    for (int partition : partitions) {
      var hold = holds.get(partition);
      if (hold.state == Reading.READING) {
        told.add(hold);
      }
      hold.state = Reading.ENDED;
    }
    world.trace("%s ends %s of %s", this, partitions, group.key);
    if (told.isEmpty()) {
      flushed.complete(null);
      return flushed;
    }
    Runnable check =
        () -> {
          if (told.stream().allMatch(Hold::isFlushed)) {
            flushed.complete(null);
          }
        };
    told.forEach(hold -> hold.onFlushed = check);
    gateway.after(world.random.nextLong(20 * MS), check);
    return flushed;
  }

  @Override
  public void lose(Collection<Integer> partitions) {
    for (int partition : partitions) {
      var hold = holds.get(partition);
      hold.state = Reading.ENDED;
      hold.isLost = true;
      world.trace("%s loses %d of %s", this, partition, group.key);
      boolean isAlive = world.store.rows.containsKey(GatewayRow.key(hold.gatewayId));
      boolean isListed = group.topic.parts.get(partition).isListed(world.now);
      if (isAlive && isListed && !world.hasForgotten()) {
        world.fail("unasked", "%s loses %d while its row is there", this, partition);
      }
    }
  }

  @Override
  public void onLeft() {
    gateway.post(() -> gateway.members.remove(this));
  }

  private void pull(Hold hold) {
    gateway.after(100 * MS + world.random.nextLong(LONGEST_PULL), () -> onPulled(hold));
  }

  private void onPulled(Hold hold) {
    if (hold.state != Reading.READING) {
      return;
    }
    var part = group.topic.parts.get(hold.partition);
    long end = part.end(world.now, world.stopAt);
    if (gateway.coordinator.isReadable()) {
      if (hold.next < end) {
        group.checkOwner(hold);
        hold.next = Math.min(end, hold.next + 1 + world.random.nextInt(60));
        group.delivered.merge(hold.partition, hold.next, Math::max);
        ackLater(hold, hold.next - 1, hold.next == end);
      } else if (world.now >= part.closedAt) {
        member.group().onEnded(hold.partition);
      }
    }
    pull(hold);
  }

  private void ackLater(Hold hold, long upTo, boolean isLast) {
    if (isLast || world.random.nextInt(4) > 0) {
      gateway.after(
          world.random.nextLong(2 * SECOND),
          () -> {
            if (upTo > hold.wanted && !hold.isLost && isAckTaken(hold)) {
              hold.wanted = upTo;
              group.acked.merge(hold.partition, upTo, Math::max);
              if (!hold.isWriting) {
                writeAck(hold);
              }
            }
          });
    }
  }

  /** In peace clients ack nothing that was revoked, so that each late write is a fault. */
  private boolean isAckTaken(Hold hold) {
    boolean isCalm = world.scenario.mode == ModelScenario.Mode.CALM;
    return member.state() != GroupMember.State.LEFT && (hold.state == Reading.READING || !isCalm);
  }

  /** One write of a position at a time. */
  private void writeAck(Hold hold) {
    hold.isWriting = true;
    hold.writing = hold.wanted;
    long offset = hold.writing;
    var unused =
        world
            .store
            .put(
                gateway,
                group.positionKey(hold.partition),
                Long.toString(offset).getBytes(UTF_8),
                () -> group.onPosition(hold, offset))
            .whenComplete((version, failure) -> onAckWritten(hold, failure == null));
  }

  private void onAckWritten(Hold hold, boolean isStored) {
    hold.isWriting = false;
    if (isStored) {
      hold.stored = hold.writing;
    }
    if (hold.wanted > hold.writing && !hold.isLost) {
      writeAck(hold);
    } else if (hold.state == Reading.ENDED) {
      hold.onFlushed.run();
    } else if (!isStored) {
      gateway.after(
          SECOND,
          () -> {
            if (!hold.isWriting && hold.wanted > hold.stored && !hold.isLost) {
              writeAck(hold);
            }
          });
    }
  }

  @Override
  public String toString() {
    return gateway + "." + (member == null ? "?" : member.number());
  }
}
