package io.liiklus.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class TcpRelayTest {

  private ServerSocket echo;
  private TcpRelay relay;

  @BeforeEach
  void open() throws IOException {
    echo = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    RelayedConnection.startDaemon("echo", this::echoAll);
    relay = TcpRelay.start("127.0.0.1", echo.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    relay.close();
    echo.close();
  }

  @Test
  void bytes_passBothWays() throws IOException {
    try (var client = connect()) {
      assertThat(echoed(client, 7)).isEqualTo(7);
    }
  }

  @Test
  void answer_isLaterByTheDelay() throws IOException {
    try (var client = connect()) {
      relay.delay(Duration.ofMillis(200));
      long startNs = System.nanoTime();
      echoed(client, 7);

      assertThat(Duration.ofNanos(System.nanoTime() - startNs))
          .isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }
  }

  @Test
  void heldBytes_arriveWhenReleased() throws IOException {
    try (var client = connect()) {
      echoed(client, 7);
      relay.hold();
      client.setSoTimeout(200);
      assertThatThrownBy(() -> echoed(client, 8)).isInstanceOf(SocketTimeoutException.class);

      relay.letGo();

      client.setSoTimeout(0);
      assertThat(client.getInputStream().read()).isEqualTo(8);
    }
  }

  @Test
  void cut_closesConnectionsAndRefusesNewOnes() throws IOException {
    try (var client = connect()) {
      echoed(client, 7);
      relay.cut();

      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
      assertThat(relay.connections()).isZero();
    }
  }

  @RepeatedTest(5)
  void restoredRelay_servesOnTheSamePort() throws IOException {
    relay.cut();
    relay.restore();

    try (var client = connect()) {
      assertThat(echoed(client, 7)).isEqualTo(7);
    }
  }

  @Test
  void spreadConnections_takeTurnsAndPassOverWhatIsAway() throws IOException {
    var servers = new ArrayList<InetSocketAddress>();
    var second = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    try (var first = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      for (var server : List.of(first, second)) {
        server.setSoTimeout(5_000);
        servers.add(InetSocketAddress.createUnresolved("127.0.0.1", server.getLocalPort()));
      }
      try (var spreading = TcpRelay.spreading(servers)) {
        for (var server : List.of(first, second, first)) {
          connectAndAccept(spreading, server);
        }
        second.close();
        connectAndAccept(spreading, first);
        connectAndAccept(spreading, first);
      }
    }
  }

  private static void connectAndAccept(TcpRelay through, ServerSocket server) throws IOException {
    try (var client = new Socket(InetAddress.getLoopbackAddress(), through.port());
        var accepted = server.accept()) {
      accepted.getOutputStream().write(7);
      assertThat(client.getInputStream().read()).isEqualTo(7);
    }
  }

  @Test
  void client_getsAllBytesBeforeTheEndOfTheServer() throws IOException {
    relay.delay(Duration.ofMillis(50));
    try (var client = connect()) {
      client.getOutputStream().write(new byte[] {1, 2, 3});
      // The echo ends what it was sent with a close, when it reads a 0.
      client.getOutputStream().write(0);

      assertThat(client.getInputStream().readAllBytes()).containsExactly(1, 2, 3);
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), relay.port());
  }

  private static int echoed(Socket client, int value) throws IOException {
    client.getOutputStream().write(value);
    return client.getInputStream().read();
  }

  private void echoAll() {
    while (!echo.isClosed()) {
      try (var connection = echo.accept()) {
        for (int next = connection.getInputStream().read();
            next > 0;
            next = connection.getInputStream().read()) {
          connection.getOutputStream().write(next);
        }
      } catch (IOException e) {
        // The test closes either side as it likes.
      }
    }
  }
}
