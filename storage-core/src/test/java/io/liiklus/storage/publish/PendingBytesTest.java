package io.liiklus.storage.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PendingBytesTest {

  private final PendingBytes pending = new PendingBytes(100);
  private final AtomicInteger notified = new AtomicInteger();

  @BeforeEach
  void listen() {
    pending.onRoom(notified::incrementAndGet);
  }

  @Test
  void recordPastTheBound_isRefusedAndRoomIsToldOnce() {
    assertThat(pending.reserve(60)).isTrue();
    assertThat(pending.reserve(40)).isTrue();
    assertThat(pending.reserve(1)).isFalse();
    assertThat(pending.reserve(1)).isFalse();
    pending.tick();
    assertThat(notified).hasValue(0);

    pending.free(40);
    pending.free(60);

    assertThat(notified).hasValue(1);
    assertThat(pending.bytes()).isZero();
  }

  @Test
  void recordLargerThanTheBound_isTakenAlone() {
    assertThat(pending.reserve(1_000)).isTrue();
    assertThat(pending.reserve(1)).isFalse();
    pending.free(1_000);
    assertThat(pending.reserve(1)).isTrue();
    assertThat(pending.reserve(1_000)).isFalse();
  }

  @Test
  void nobodyRefused_nobodyIsNotified() {
    pending.reserve(100);
    pending.free(100);
    pending.tick();
    assertThat(notified).hasValue(0);
  }
}
