package io.liiklus.server;

import static io.liiklus.server.gateway.HttpTwoSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.HttpTwoSocket;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that ping to keep their connection open. */
class ClientPingsIT {

  private static final byte[] PING = frame(HttpTwoSocket.PING, 0, 0, new byte[8]);

  /** Three bad ones end a connection. */
  private static final int PINGS = 8;

  private static final long PERMITTED_MS = 250;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  /** By default 5 s are permitted, and common clients ping every 10 s at the most. */
  @Test
  void clientThatPingsHalfAsOftenAsPermitted_isServed() throws Exception {
    try (var gateway = Gateway.start("--grpc.permitKeepAliveTime=" + PERMITTED_MS + "ms");
        var connection = HttpTwoSocket.open(gateway.port())) {
      for (int i = 0; i < PINGS; i++) {
        assertThat(answersPing(connection, 2 * PERMITTED_MS)).as("ping %d", i).isTrue();
      }
    }
  }

  @Test
  void clientThatPingsMoreOftenThanPermitted_isSentAway() throws Exception {
    try (var gateway = Gateway.start();
        var connection = HttpTwoSocket.open(gateway.port())) {
      for (int i = 0; i < PINGS; i++) {
        connection.trySend(PING);
      }
      assertThat(connection.awaitFrame(HttpTwoSocket.GOAWAY)).isTrue();
      connection.awaitEnd();
    }
  }

  private boolean answersPing(HttpTwoSocket connection, long afterMs) throws Exception {
    Callable<Boolean> ping = () -> connection.trySend(PING);
    return timer.schedule(ping, afterMs, TimeUnit.MILLISECONDS).get() && pongs(connection);
  }

  private static boolean pongs(HttpTwoSocket connection) throws IOException {
    return connection.awaitFrame(HttpTwoSocket.PING);
  }
}
