package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisCommandExecutionException;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StandingRefusalTest {

  private final AtomicLong nowNs = new AtomicLong(1);
  private final StandingRefusal writes = new StandingRefusal(nowNs::get);

  private static StorageException answer(String said) {
    return RedisFailures.of(new RedisCommandExecutionException(said));
  }

  @Test
  void refusal_isThrownUntilAWriteIsStored() {
    writes.onWritten(answer("NOPERM no hset"));
    assertThatThrownBy(writes::requireAllowed).hasMessageContaining("NOPERM no hset");

    writes.onWritten(null);
    assertThatCode(writes::requireAllowed).doesNotThrowAnyException();
  }

  @Test
  void refusalThatIsNotMetAgain_isOver() {
    writes.onWritten(answer("NOPERM no hset"));
    nowNs.addAndGet(StandingRefusal.OVER_NS);
    assertThatCode(writes::requireAllowed).doesNotThrowAnyException();
  }

  @Test
  void otherFailures_areNoRefusals() {
    writes.onWritten(answer("WRONGTYPE Operation against a key"));
    writes.onWritten(answer("LOADING Redis is loading"));
    writes.onWritten(new StorageException(Kind.EXHAUSTED, "too many commands wait for Redis"));
    assertThatCode(writes::requireAllowed).doesNotThrowAnyException();
  }
}
