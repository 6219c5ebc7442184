package io.liiklus.server.grpc.transport;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.grpc.Attributes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Connections connections = new Connections();

  @Test
  void connectionThatWasNeverReady_isNoLeavingClient() {
    connections.transportReady(Attributes.EMPTY);
    connections.transportTerminated(null);
    var waits = new CountDownLatch(1);
    var waiter =
        new Thread(
            () -> {
              connections.awaitNone(PATIENCE);
              waits.countDown();
            });
    waiter.start();

    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          while (waiter.getState() != Thread.State.TIMED_WAITING) {
            if (waits.getCount() == 0) {
              throw new AssertionError("a client is still connected, and nobody waits for it");
            }
            Thread.onSpinWait();
          }
          connections.transportTerminated(Attributes.EMPTY);
          waits.await();
        });
  }
}
