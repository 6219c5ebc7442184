package io.liiklus.storage.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StandingFaultsTest {

  private final AtomicLong nowNs = new AtomicLong();
  private final StandingFaults faults = new StandingFaults(nowNs::get);

  @Test
  void check_failsAsLongAsAFaultIsMet() {
    assertThat(faults.check()).isCompleted();

    faults.onMachine(new RuntimeException(new UnsatisfiedLinkError("no codec")));
    nowNs.addAndGet(StandingFaults.OVER_NS - 1);
    assertThat(faults.check())
        .isCompletedExceptionally()
        .satisfies(failed -> assertThat(failed.toString()).contains("no codec"));

    nowNs.addAndGet(1);
    assertThat(faults.check()).isCompleted();
  }

  @Test
  void check_reportsARefusedLogin() {
    faults.onLoginRefused(new StorageException(Kind.REFUSED, "no such user"));

    assertThat(faults.check()).isCompletedExceptionally();
  }
}
