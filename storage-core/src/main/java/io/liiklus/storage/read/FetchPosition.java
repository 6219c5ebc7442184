package io.liiklus.storage.read;

/**
 * Offset at which reading goes on, and the epoch of the log that has it. Immutable.
 *
 * <p>A storage whose logs can be cut when another server takes over gives each leadership an epoch:
 * an offset in a log that was cut and has grown past it again looks like any other, its epoch does
 * not (Kafka's KIP-320). Where a storage has none, all epochs are unknown.
 *
 * @param epoch of the leader under which the log was known up to the offset, rising; {@link
 *     #UNKNOWN} for an offset that somebody named
 */
public record FetchPosition(long offset, int epoch) {

  public static final int UNKNOWN = -1;

  /** An offset that somebody named. */
  public static FetchPosition named(long offset) {
    return new FetchPosition(offset, UNKNOWN);
  }

  public boolean isEpochKnown() {
    return epoch != UNKNOWN;
  }

  /** This one, if its epoch is known, or the other where that is of another offset. */
  FetchPosition orElsewhere(FetchPosition other) {
    return offset == other.offset && isEpochKnown() ? this : other;
  }
}
