package io.liiklus.storage.group;

import io.liiklus.api.Settings;
import java.time.Duration;

/**
 * Times of groups over a coordination store, below {@code groups} of a storage's root. Immutable.
 *
 * @param interval how often a gateway tells that it is alive, and looks at its groups
 * @param sessionTimeout a gateway that is silent for so long loses its partitions to others
 * @param callTimeout a call of the store without an answer has failed, and may have been done
 * @param revokeTimeout the longest wait for the acks of revoked partitions
 */
public record CoordinationSettings(
    Duration interval, Duration sessionTimeout, Duration callTimeout, Duration revokeTimeout) {

  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);

  /** Silence counts at most a fifth of the session timeout for each look, so there are five. */
  private static final int LOOKS_IN_SESSION = 5;

  /**
   * Reads the section {@code groups}.
   *
   * @param settings of the root of a storage
   */
  public static CoordinationSettings read(Settings settings) {
    var read =
        new CoordinationSettings(
            settings.duration("groups.interval", Duration.ofMillis(100), Duration.ofMinutes(1)),
            settings.duration(
                "groups.sessionTimeout", Duration.ofSeconds(6), Duration.ofMinutes(10)),
            CALL_TIMEOUT,
            settings.duration("groups.revokeTimeout", Duration.ofMillis(1), Duration.ofMinutes(1)));
    var least = read.interval.multipliedBy(LOOKS_IN_SESSION);
    if (read.sessionTimeout.compareTo(least) < 0) {
      settings.refuse(
          "groups.sessionTimeout",
          "is "
              + read.sessionTimeout.toMillis()
              + " ms; at least 5 times groups.interval, which is "
              + read.interval.toMillis()
              + " ms");
    }
    return read;
  }
}
