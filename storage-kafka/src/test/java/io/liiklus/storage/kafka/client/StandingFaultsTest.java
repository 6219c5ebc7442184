package io.liiklus.storage.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;

class StandingFaultsTest {

  private final AtomicLong nowNs = new AtomicLong();
  private final StandingFaults faults = new StandingFaults(nowNs::get);

  @Test
  void check_failsAsLongAsAFaultIsMet() {
    assertThat(faults.check()).isCompleted();

    faults.onMachine(new KafkaException(new UnsatisfiedLinkError("no codec")));
    nowNs.addAndGet(StandingFaults.OVER_NS - 1);
    assertThat(faults.check())
        .isCompletedExceptionally()
        .satisfies(failed -> assertThat(failed.toString()).contains("no codec"));

    nowNs.addAndGet(1);
    assertThat(faults.check()).isCompleted();
  }

  @Test
  void check_reportsARefusedLogin() {
    faults.onLoginRefused(new SaslAuthenticationException("no such user"));

    assertThat(faults.check()).isCompletedExceptionally();
  }

  @Test
  void otherFailure_isNotReported() {
    faults.onFailure(new KafkaException("whatever"));

    assertThat(faults.check()).isCompleted();
  }
}
