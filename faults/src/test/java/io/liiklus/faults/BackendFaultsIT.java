package io.liiklus.faults;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Brokers and Redis that end, hang and come back. */
class BackendFaultsIT {

  private static FaultBench bench;

  @BeforeAll
  static void open() {
    bench = FaultBench.open("backend-faults");
  }

  @AfterAll
  static void close() {
    if (bench != null) {
      bench.close();
    }
  }

  @Test
  void records_flow_on_while_redis_is_away() {
    bench.run(RedisFault.AWAY);
  }

  @Test
  void records_flow_on_while_redis_hangs() {
    bench.run(RedisFault.HANGING);
  }

  @Test
  void a_slow_redis_slows_acks_alone() {
    bench.run(RedisFault.SLOW);
  }

  @Test
  void a_killed_broker_loses_nothing_that_was_answered() {
    bench.run(BrokerFault.KILL_ONE);
  }

  @Test
  void two_killed_brokers_lose_nothing_that_was_answered() {
    bench.run(BrokerFault.KILL_TWO);
  }

  @Test
  void a_loss_of_all_brokers_loses_nothing_that_was_answered() {
    bench.run(BrokerFault.KILL_ALL);
  }

  @Test
  void a_broker_that_hangs_loses_nothing_that_was_answered() {
    bench.run(BrokerFault.HANG);
  }
}
