package io.liiklus.storage.memory;

import io.liiklus.storage.group.CoordinationSettings;
import java.time.Duration;

/** Times of the coordination of groups, for tests. */
final class GroupTimes {

  /** As short as tests that wait for a gateway's death need them. */
  static final CoordinationSettings SHORT =
      new CoordinationSettings(
          Duration.ofMillis(100),
          Duration.ofSeconds(2),
          Duration.ofMillis(400),
          Duration.ofSeconds(1));

  private GroupTimes() {}

  /** The defaults, with another bound for the acks of revoked partitions. */
  static CoordinationSettings revokingWithin(Duration timeout) {
    return new CoordinationSettings(
        Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(2), timeout);
  }
}
