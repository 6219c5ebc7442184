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
  void unreadPartition_holdsUpNoOther() {
    bench.run(ClientFault.STALL);
  }

  @Test
  void repeatedReceive_leavesNothingOut() {
    bench.run(ClientFault.CANCEL);
  }

  @Test
  void membersThatComeAndGo_leaveNoPartitionStuck() {
    bench.run(ClientFault.CHURN);
  }

  @Test
  void abuseOfThePort_disturbsNobody() {
    bench.run(ClientFault.ABUSE);
  }
}
