package io.liiklus.storage.read;

import java.time.Duration;

/**
 * Durations after which readers wait, rest and release. Immutable.
 *
 * @param poll the longest wait of a fetch, and the pause of a tail reader after one that failed
 * @param copyAfter a batch that pins a larger fetch is copied out of it after so long
 * @param keep a batch that all have taken stays in a tail cache for so long, for a client that
 *     connects again
 * @param linger a tail cache without followers is filled on for so long
 * @param turn a partition keeps a catch-up reader that others wait for so long, beside its rests
 * @param room a catch-up reader that nobody else wants waits so long for room in a full partition
 * @param idle a catch-up reader waits so long for a partition before it ends
 * @param retry the pause of a catch-up reader after a fetch that failed
 */
record ReadTimings(
    Duration poll,
    Duration copyAfter,
    Duration keep,
    Duration linger,
    Duration turn,
    Duration room,
    Duration idle,
    Duration retry) {

  static final ReadTimings USUAL =
      new ReadTimings(
          Duration.ofMillis(100),
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofMillis(100),
          Duration.ofMillis(100),
          Duration.ofSeconds(10),
          Duration.ofMillis(200));
}
