package io.liiklus.storage.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemberSchedulerTest {

  private static final long FAR_NS = TimeUnit.HOURS.toNanos(1);

  private final MemberScheduler members = new MemberScheduler(2);

  @AfterEach
  void close() {
    members.close();
  }

  @Test
  void member_hasOneTurnAtATimeHoweverOftenWoken() throws Exception {
    var isTurning = new AtomicBoolean();
    var overlaps = new AtomicInteger();
    var turns =
        members.add(
            () -> {
              if (!isTurning.compareAndSet(false, true)) {
                overlaps.incrementAndGet();
              }
              for (int i = 0; i < 2_000; i++) {
                Thread.onSpinWait();
              }
              isTurning.set(false);
              return 1;
            });

    var wakers = new ArrayList<Thread>();
    for (int i = 0; i < 3; i++) {
      var waker =
          new Thread(
              () -> {
                for (int j = 0; j < 100_000; j++) {
                  turns.wake();
                }
              });
      waker.start();
      wakers.add(waker);
    }
    for (var waker : wakers) {
      waker.join();
    }

    assertThat(overlaps).hasValue(0);
  }

  @Test
  void wakeUpWithinATurn_causesAnother() throws Exception {
    var begun = new CountDownLatch(1);
    var woken = new CountDownLatch(1);
    var second = new CountDownLatch(2);
    var turns =
        members.add(
            () -> {
              begun.countDown();
              try {
                assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
              }
              second.countDown();
              return FAR_NS;
            });
    turns.wake();
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

    turns.wake();
    woken.countDown();

    assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void endedMember_hasNoMoreTurns() throws Exception {
    var count = new AtomicInteger();
    var over = new CountDownLatch(1);
    var turns =
        members.add(
            () -> {
              count.incrementAndGet();
              over.countDown();
              return -1;
            });
    turns.wake();
    assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();

    turns.wake();
    var other = new CountDownLatch(1);
    members
        .add(
            () -> {
              other.countDown();
              return -1;
            })
        .wake();

    assertThat(other.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(count).hasValue(1);
  }

  @Test
  void waitingTurns_leaveTheThreadsToOthers() throws Exception {
    var never = new CompletableFuture<Void>();
    var waiting = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      members
          .add(
              () -> {
                waiting.countDown();
                try {
                  members.await(never, Duration.ofMinutes(1));
                } catch (Exception ended) {
                  // It is over.
                }
                return -1;
              })
          .wake();
    }

    assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
    never.complete(null);
  }

  @Test
  void wait_isBounded() {
    assertThatThrownBy(() -> members.await(new CompletableFuture<>(), Duration.ofMillis(1)))
        .isInstanceOf(TimeoutException.class);
  }
}
