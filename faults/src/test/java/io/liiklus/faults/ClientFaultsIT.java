package io.liiklus.faults;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that stop, hurry and misbehave. */
class ClientFaultsIT {

  private static FaultBench bench;

  @BeforeAll
  static void open() {
    bench = FaultBench.open("client-faults");
  }

  @AfterAll
  static void close() {
    if (bench != null) {
      bench.close();
    }
  }

  @Test
  void a_partition_that_is_not_read_holds_up_no_other() {
    bench.run(ClientFault.STALL);
  }

  @Test
  void a_receive_that_is_called_again_leaves_nothing_out() {
    bench.run(ClientFault.CANCEL);
  }

  @Test
  void members_that_come_and_go_leave_no_partition_stuck() {
    bench.run(ClientFault.CHURN);
  }

  @Test
  void abuse_of_the_port_disturbs_nobody() {
    bench.run(ClientFault.ABUSE);
  }
}
