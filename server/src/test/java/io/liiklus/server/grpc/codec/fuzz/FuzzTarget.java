package io.liiklus.server.grpc.codec.fuzz;

import java.util.Random;

/** What is fuzzed: a decoder, fed with bytes. Immutable. */
interface FuzzTarget {

  /** Deterministic by what the random numbers are. */
  byte[] input(Random random);

  /**
   * Decodes an input and looks at what comes of it.
   *
   * @throws RuntimeException when something came that must not
   * @throws AssertionError likewise
   */
  void check(byte[] input);
}
