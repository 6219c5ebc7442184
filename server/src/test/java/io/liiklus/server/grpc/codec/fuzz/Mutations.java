package io.liiklus.server.grpc.codec.fuzz;

import java.util.Arrays;
import java.util.Random;

/** Damages bytes, as lines and clients do. */
final class Mutations {

  private static final int MOST = 4;

  /** Ends of ranges, tags, varints without end, halves of UTF-8, and what JSON is made of. */
  private static final byte[] INTERESTING = {
    0,
    1,
    0x7f,
    (byte) 0x80,
    (byte) 0xff,
    0x0a,
    0x12,
    0x2a,
    0x0b,
    0x0c,
    0x0f,
    (byte) 0xc0,
    (byte) 0xe2,
    (byte) 0xed,
    (byte) 0xf4,
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '-',
    'e',
    '9'
  };

  private Mutations() {}

  /** None or a few changes; the input itself is left alone. */
  static byte[] mutate(byte[] input, Random random) {
    var bytes = input;
    for (int i = random.nextBoolean() ? 0 : 1 + random.nextInt(MOST); i > 0; i--) {
      bytes = once(bytes, random);
    }
    return bytes;
  }

  private static byte[] once(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return new byte[] {interesting(random)};
    }
    int from = random.nextInt(bytes.length);
    int to = Math.min(bytes.length, from + 1 + random.nextInt(8));
    return switch (random.nextInt(8)) {
      case 0 -> Arrays.copyOf(bytes, from);
      case 1 -> splice(bytes, from, new byte[0], to);
      case 2 -> splice(bytes, from, Arrays.copyOfRange(bytes, from, to), from);
      case 3 -> splice(bytes, from, new byte[] {interesting(random)}, from);
      case 4 -> splice(bytes, from, new byte[] {interesting(random)}, from + 1);
      case 5 -> splice(bytes, from, new byte[] {(byte) random.nextInt(256)}, from + 1);
      case 6 -> splice(bytes, from, repeated(interesting(random), random), to);
      default ->
          splice(
              bytes, from, new byte[] {(byte) (bytes[from] ^ (1 << random.nextInt(8)))}, from + 1);
    };
  }

  private static byte interesting(Random random) {
    return INTERESTING[random.nextInt(INTERESTING.length)];
  }

  private static byte[] repeated(byte value, Random random) {
    var many = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 20_000 : 12)];
    Arrays.fill(many, value);
    return many;
  }

  /** Puts others in place of the bytes of {@code [from, to)}. */
  static byte[] splice(byte[] bytes, int from, byte[] others, int to) {
    var spliced = Arrays.copyOf(bytes, from + others.length + bytes.length - to);
    System.arraycopy(others, 0, spliced, from, others.length);
    System.arraycopy(bytes, to, spliced, from + others.length, bytes.length - to);
    return spliced;
  }
}
