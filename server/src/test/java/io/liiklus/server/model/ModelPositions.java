package io.liiklus.server.model;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PartialPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Positions of two groups of two versions each, and what they were. Lets none be written that is
 * not what an Ack asked for, or that a later one has overtaken.
 */
final class ModelPositions extends PartialPositions {

  static final String GROUP = "group";
  static final List<String> NAMES = List.of(GROUP, "other");
  static final int VERSIONS = 2;

  final Gate gate = new Gate();

  private final Witness witness;
  private final ModelAcks acks;
  private final ModelPace pace;

  /** By version, then partition: null where nothing is stored. */
  private final Map<GroupId, List<History<Long>>> stored = new HashMap<>();

  /** By name, then partition: the highest of any version, or -1. */
  private final Map<String, List<History<Long>>> highest = new HashMap<>();

  ModelPositions(Witness witness, ModelAcks acks, ModelPace pace) {
    this.witness = witness;
    this.acks = acks;
    this.pace = pace;
    for (var name : NAMES) {
      for (int version = 0; version < VERSIONS; version++) {
        stored.put(new GroupId(name, version), all(null));
      }
      highest.put(name, all(-1L));
    }
  }

  private static List<History<Long>> all(Long first) {
    return Stream.generate(() -> new History<>(first)).limit(ModelTopic.PARTITIONS).toList();
  }

  /** What a version has stored since then, null where nothing was. */
  List<Long> own(GroupId group, int partition, long stamp) {
    return stored.get(group).get(partition).from(stamp);
  }

  Long now(PositionId id) {
    return stored.get(id.group()).get(id.partition()).now();
  }

  /** What an assignment may have gone on from since then: version 0 takes over from others. */
  List<Long> forAssignment(GroupId group, int partition, long stamp) {
    var positions = new ArrayList<>(own(group, partition, stamp));
    if (group.version() == 0 && positions.get(0) == null) {
      var others = own(new GroupId(group.name(), 1), partition, stamp);
      positions.addAll(others);
      if (!others.contains(null)) {
        positions.removeIf(position -> position == null);
      }
    }
    return positions;
  }

  List<Long> highest(String name, int partition, long stamp) {
    return highest.get(name).get(partition).from(stamp);
  }

  @Override
  public CompletionStage<Void> store(GroupPositions positions) {
    var writes = new HashMap<PositionId, Integer>();
    positions
        .offsets()
        .forEach(
            (partition, offset) -> {
              var id = new PositionId(positions.topic(), positions.group(), partition);
              writes.put(id, acks.onWrite(id, offset));
            });
    boolean isSingle =
        writes.size() == 1
            && writes.entrySet().stream()
                .allMatch(write -> acks.waitingUpTo(write.getKey(), write.getValue()) <= 1);
    var turn = pace.onWrite(positions.group(), isSingle);
    return gate.write(
            () -> writes.forEach((id, write) -> store(id, write, positions)),
            kind -> {
              if (kind == Kind.REFUSED) {
                writes.forEach(acks::onRefused);
              }
            })
        .whenComplete((stored, failure) -> pace.onWritten(turn));
  }

  private void store(PositionId id, int write, GroupPositions positions) {
    long stamp = witness.next();
    long offset = positions.offsets().get(id.partition());
    var name = id.group().name();
    stored.get(id.group()).get(id.partition()).add(stamp, offset);
    highest.get(name).get(id.partition()).add(stamp, highestNow(name, id.partition()));
    acks.onStored(id, write);
  }

  private long highestNow(String name, int partition) {
    long most = -1;
    for (int version = 0; version < VERSIONS; version++) {
      var position = stored.get(new GroupId(name, version)).get(partition).now();
      most = Math.max(most, position == null ? -1 : position);
    }
    return most;
  }

  @Override
  public CompletionStage<Map<Integer, Long>> find(String topic, GroupId group) {
    return gate.read(() -> positions(group));
  }

  @Override
  public CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      String topic, String groupName) {
    return gate.read(
        () -> {
          var found = new TreeMap<Integer, Map<Integer, Long>>();
          for (int version = 0; version < VERSIONS; version++) {
            var positions = positions(new GroupId(groupName, version));
            if (!positions.isEmpty()) {
              found.put(version, positions);
            }
          }
          return found;
        });
  }

  private Map<Integer, Long> positions(GroupId group) {
    var found = new HashMap<Integer, Long>();
    for (int i = 0; i < ModelTopic.PARTITIONS; i++) {
      var position = stored.get(group).get(i).now();
      if (position != null) {
        found.put(i, position);
      }
    }
    return found;
  }
}
