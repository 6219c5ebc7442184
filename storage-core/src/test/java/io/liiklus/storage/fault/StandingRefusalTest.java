package io.liiklus.storage.fault;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StandingRefusalTest {

  private final AtomicLong nowNs = new AtomicLong(1);
  private final StandingRefusal writes = new StandingRefusal(nowNs::get);

  @Test
  void refusalThatIsMetForLong_isThrownUntilAWriteIsStored() {
    refuse("first");
    pass(StandingRefusal.STANDS_NS);
    refuse("last");
    assertThatThrownBy(writes::requireAllowed)
        .hasMessage("last")
        .extracting("kind")
        .isEqualTo(Kind.REFUSED);

    writes.onStored();
    requireNoneStands();
  }

  @Test
  void oneRefusedWrite_doesNotStand() {
    refuse("one");
    pass(StandingRefusal.STANDS_NS);
    requireNoneStands();
  }

  @Test
  void refusalsAmongStoredWrites_doNotStand() {
    for (int round = 0; round < 10; round++) {
      refuse("of one group");
      pass(StandingRefusal.STANDS_NS / 2);
      writes.onStored();
    }
    refuse("of one group");
    requireNoneStands();
  }

  @Test
  void refusalThatIsNotMetAgain_isOver() {
    refuse("first");
    pass(StandingRefusal.STANDS_NS);
    refuse("last");
    pass(StandingRefusal.OVER_NS);
    requireNoneStands();

    refuse("much later");
    requireNoneStands();
  }

  private void refuse(String reason) {
    writes.onRefused(new StorageException(Kind.REFUSED, reason));
  }

  private void pass(long ns) {
    nowNs.addAndGet(ns);
  }

  private void requireNoneStands() {
    assertThatCode(writes::requireAllowed).doesNotThrowAnyException();
  }
}
