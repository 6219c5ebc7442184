package io.liiklus.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodicTasksTest {

  private static final Duration DELAY = Duration.ofMillis(1);
  private static final long PATIENCE_SECONDS = 30;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void taskThatFails_runsAgain(boolean isError) throws InterruptedException {
    var runs = new CountDownLatch(3);
    try (var tasks = new PeriodicTasks()) {
      tasks.every(
          DELAY,
          "test",
          () -> {
            runs.countDown();
            if (isError) {
              throw new AssertionError("a fault");
            }
            throw new IllegalStateException("a fault");
          });

      assertThat(runs.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void taskThatFails_leavesTheOthersAlone() throws InterruptedException {
    var runs = new CountDownLatch(3);
    try (var tasks = new PeriodicTasks()) {
      tasks.every(
          DELAY,
          "failing",
          () -> {
            throw new IllegalStateException("a fault");
          });
      tasks.every(DELAY, "other", runs::countDown);

      assertThat(runs.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }
}
