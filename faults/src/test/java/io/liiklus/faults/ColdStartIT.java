package io.liiklus.faults;

import org.junit.jupiter.api.Test;

/** A gateway that starts while no broker can be reached. */
class ColdStartIT {

  @Test
  void firstPublish_isAnsweredInTimeAndAllElseServed() {
    new ColdStart().happen("cold-start");
  }
}
