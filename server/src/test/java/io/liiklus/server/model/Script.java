package io.liiklus.server.model;

import io.liiklus.server.model.Op.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What happens, in order, and to whom. Immutable.
 *
 * @param shape a number that decides what the world is like: see {@link World}
 */
record Script(int shape, List<Op> ops) {

  private static final int FEWEST = 10;
  private static final int MOST = 110;

  /** Kinds of steps of this weight come in every script. */
  private static final int USUAL = 16;

  /** By how much more often than usual a kind of step may come in one script. */
  private static final int[] FACTORS = {0, 1, 1, 4};

  static Script random(long seed) {
    var random = new SplittableRandom(seed);
    int shape = random.nextInt(1 << 23);
    var ops = new ArrayList<Op>();
    // Something to begin with: an empty world has little to go wrong.
    ops.add(new Op(Kind.OPEN, 0, random.nextInt(2), 1));
    for (int partition = 0; partition < ModelTopic.PARTITIONS; partition++) {
      ops.add(new Op(Kind.APPEND, partition, random.nextInt(8), random.nextInt(64)));
      ops.add(new Op(Kind.ASSIGN, partition, random.nextInt(2), 0));
      ops.add(new Op(Kind.ASSIGN, partition, 2, 0));
    }
    if (random.nextBoolean()) {
      ops.add(new Op(Kind.OPEN, 2, random.nextInt(2), 1));
    }
    if (random.nextBoolean()) {
      addReceives(ops, random);
    }
    var weights = weights(random);
    int length = FEWEST + random.nextInt(MOST - FEWEST);
    for (int i = 0; i < length; i++) {
      ops.add(next(weights, random));
    }
    return new Script(shape, List.copyOf(ops));
  }

  private static void addReceives(List<Op> ops, SplittableRandom random) {
    ops.add(new Op(Kind.OPEN, 1, random.nextInt(2), 1));
    for (int i = 0; i < 6; i++) {
      ops.add(new Op(Kind.RUN, i, 0, 0));
      ops.add(new Op(Kind.TURN, i, 0, 0));
    }
    ops.add(new Op(Kind.RUN, 0, 0, 0));
    ops.add(new Op(Kind.RUN, 1, 0, 0));
    for (int partition = 0; partition < ModelTopic.PARTITIONS; partition++) {
      for (int slot = 0; slot < World.SLOTS; slot++) {
        ops.add(new Op(Kind.RECEIVE, World.SLOTS * random.nextInt(4) + slot, partition, 36));
      }
    }
  }

  /** Other ones in each script: so what seldom comes, comes often in some. */
  private static Map<Kind, Integer> weights(SplittableRandom random) {
    var weights = new EnumMap<Kind, Integer>(Kind.class);
    for (var kind : Kind.values()) {
      int factor = FACTORS[random.nextInt(FACTORS.length)];
      weights.put(kind, kind.weight * Math.max(factor, kind.weight >= USUAL ? 1 : 0));
    }
    return weights;
  }

  private static Op next(Map<Kind, Integer> weights, SplittableRandom random) {
    int at = random.nextInt(weights.values().stream().mapToInt(Integer::intValue).sum());
    for (var weight : weights.entrySet()) {
      at -= weight.getValue();
      if (at < 0) {
        return next(weight.getKey(), random);
      }
    }
    throw new AssertionError(at);
  }

  private static Op next(Kind kind, SplittableRandom random) {
    int a = random.nextInt(12);
    if (kind == Kind.TURN || kind == Kind.TAIL || kind == Kind.CATCH_UP) {
      // Few steps within another: most rounds are undisturbed.
      return new Op(kind, a, Math.max(0, random.nextInt(12) - 6), random.nextInt(5));
    }
    return new Op(kind, a, random.nextInt(64), random.nextInt(64));
  }

  Script with(List<Op> others) {
    return new Script(shape, List.copyOf(others));
  }

  /** As {@link #parse} reads it. */
  String text() {
    return shape + ": " + ops.stream().map(Op::toString).collect(Collectors.joining(", "));
  }

  static Script parse(String text) {
    var parts = text.split(":", 2);
    var ops =
        Arrays.stream(parts[1].split(",", -1)).filter(op -> !op.isBlank()).map(Op::parse).toList();
    return new Script(Integer.parseInt(parts[0].strip()), ops);
  }
}
