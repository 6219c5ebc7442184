package io.liiklus.server.grpc.codec.fuzz;

import java.util.function.Predicate;

/** Makes a failing input small, so that one can see why it fails. */
final class Shrinker {

  static final int MOST_TRIES = 20_000;

  private Shrinker() {}

  /** Leaves out piece after piece, from halves down to single bytes, while it still fails. */
  static byte[] shrink(byte[] input, Predicate<byte[]> isFailing) {
    var smallest = input;
    int tries = 0;
    int piece = Math.max(1, input.length / 2);
    while (piece > 0 && tries < MOST_TRIES) {
      boolean isSmaller = false;
      for (int from = 0; from < smallest.length && tries < MOST_TRIES; tries++) {
        int to = Math.min(smallest.length, from + piece);
        var candidate = Mutations.splice(smallest, from, new byte[0], to);
        if (isFailing.test(candidate)) {
          smallest = candidate;
          isSmaller = true;
        } else {
          from = to;
        }
      }
      piece = isSmaller && piece == 1 ? 1 : piece / 2;
    }
    return smallest;
  }
}
