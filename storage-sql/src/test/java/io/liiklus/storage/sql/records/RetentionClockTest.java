package io.liiklus.storage.sql.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.LoggedLines;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetentionClockTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final long START_MS = 1_700_000_000_000L;

  private final AtomicLong nowMs = new AtomicLong(START_MS);
  private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - YEAR.toNanos());
  private final LoggedLines lines = LoggedLines.of(RetentionClock.class.getName());
  private final RetentionClock clock = new RetentionClock(nowMs::get, nowNs::get);

  @AfterEach
  void close() {
    lines.close();
  }

  @Test
  void clockThatGoes_isFollowed() {
    for (int i = 1; i <= 100; i++) {
      pass(MINUTE);
      assertThat(clock.nowMs()).isEqualTo(START_MS + i * MINUTE.toMillis());
    }
    assertThat(lines.all()).isEmpty();
  }

  @Test
  void clockThatIsSlowlyPutRight_isFollowed() {
    for (int i = 1; i <= 100; i++) {
      pass(MINUTE);
      set(RetentionClock.JUMP);
      assertThat(clock.nowMs()).isEqualTo(nowMs.get());
    }
  }

  @Test
  void jumpForAMoment_isPassedOver() {
    set(YEAR);
    pass(MINUTE);
    assertThat(clock.nowMs()).isEqualTo(START_MS + MINUTE.toMillis());

    set(YEAR.negated());
    pass(MINUTE);

    assertThat(clock.nowMs()).isEqualTo(START_MS + 2 * MINUTE.toMillis());
    assertThat(lines.warnings()).singleElement().asString().contains("seconds=31536000");
  }

  @Test
  void jumpThatLasts_isFollowedInTheEnd() {
    set(YEAR);
    clock.nowMs();
    pass(RetentionClock.LASTING.minusMillis(1));
    assertThat(clock.nowMs()).isEqualTo(nowMs.get() - YEAR.toMillis());

    pass(Duration.ofMillis(1));

    assertThat(clock.nowMs()).isEqualTo(nowMs.get());
    assertThat(lines.warnings()).hasSize(1);
  }

  @Test
  void clockThatIsSetBack_isFollowedAtOnce() {
    set(YEAR.negated());

    assertThat(clock.nowMs()).isEqualTo(START_MS - YEAR.toMillis());
    assertThat(lines.all()).isEmpty();
  }

  private void pass(Duration time) {
    nowNs.addAndGet(time.toNanos());
    nowMs.addAndGet(time.toMillis());
  }

  private void set(Duration forward) {
    nowMs.addAndGet(forward.toMillis());
  }
}
