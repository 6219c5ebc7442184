package io.liiklus.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One fault that occurs while records flow. */
interface Fault {

  /** Its number and description, for people. */
  String title();

  /** Breaks it, for as long as that takes, and heals it. */
  void inject(Stage stage);

  /**
   * How long at the most a group may wait for records of a partition; empty: as long as it takes.
   */
  default Optional<Duration> pauseBound() {
    return Optional.empty();
  }

  /** Lines that gateways may log at ERROR, or with a stack trace, because of it. */
  default List<Pattern> excused() {
    return List.of();
  }
}
