package io.liiklus.faults;

import org.junit.jupiter.api.Test;

/** A gateway that is started while no broker can be reached. */
class ColdStartIT {

  @Test
  void it_answers_the_first_publish_in_time_and_serves_all_else() {
    new ColdStart().happen("cold-start");
  }
}
