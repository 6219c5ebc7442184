package io.liiklus.server;

import static io.liiklus.server.gateway.HttpTwoSocket.frame;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Bystander;
import io.liiklus.server.gateway.Footprint;
import io.liiklus.server.gateway.HttpTwoSocket;
import io.liiklus.server.gateway.LogWatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Connections that are no clients. The gateway lives, its clients notice nothing: a Receive that
 * runs goes on, publishes are answered, and nothing is left behind.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileConnectionsIT {

  private static final byte[] NOTHING = {};
  private static final int FRAMES_AT_ONCE = 1_000;
  private static final int MOST_FLOODS = 200;
  private static final int CONNECTIONS = 1_000;

  private final Backend backend = Backend.MEMORY;
  private final int port = backend.gateway().port();

  private Bystander bystander;
  private LogWatch log;
  private Footprint before;

  /** What is said on a connection before it is dropped. */
  private record Noise(String name, ByteString bytes) {
    private Noise(String name, byte[] bytes) {
      this(name, ByteString.copyFrom(bytes));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Frames that are sent again and again.
   *
   * @param isCutOff whether the gateway must hang up before all are sent
   */
  private record Flood(String name, boolean isCutOff, FrameMaker maker) {
    @Override
    public String toString() {
      return name;
    }
  }

  private interface FrameMaker {
    /** The frames of this round, each with a stream id of its own where it needs one. */
    byte[] frames(int number);
  }

  @BeforeAll
  void open() {
    bystander = new Bystander(backend, backend.gateway());
    bystander.goesOn();
  }

  @AfterAll
  void close() {
    bystander.close();
  }

  @BeforeEach
  void watch() {
    log = new LogWatch();
    before = Footprint.now();
  }

  @AfterEach
  void nobodyNotices() {
    bystander.goesOn();
    before.awaitAgain();
    log.requireQuiet();
    log.close();
  }

  @ParameterizedTest
  @MethodSource
  void noiseOnThePort_endsItsConnection(Noise noise) throws IOException {
    for (int i = 0; i < 20; i++) {
      try (var connection = new HttpTwoSocket(port)) {
        connection.send(noise.bytes().toByteArray());
        bystander.goesOn();
        connection.awaitEnd();
      }
    }
  }

  static Stream<Noise> noiseOnThePort_endsItsConnection() {
    var random = new byte[10_000];
    new Random(20261124).nextBytes(random);
    var wrongFrame = new ByteArrayOutputStream();
    wrongFrame.writeBytes(HttpTwoSocket.PREFACE);
    wrongFrame.writeBytes(frame(HttpTwoSocket.PING, 0, 0, new byte[8]));
    var hugeFrame = new ByteArrayOutputStream();
    hugeFrame.writeBytes(HttpTwoSocket.PREFACE);
    hugeFrame.writeBytes(frame(HttpTwoSocket.SETTINGS, 0, 0, NOTHING));
    hugeFrame.writeBytes(new byte[] {-1, -1, -1, HttpTwoSocket.DATA, 0, 0, 0, 0, 1});
    return Stream.of(
        new Noise("random bytes", random),
        new Noise("an HTTP/1.1 request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII)),
        new Noise("a TLS hello", new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 1, 2}),
        new Noise("no settings first", wrongFrame.toByteArray()),
        new Noise("a frame of 16 MiB", hugeFrame.toByteArray()));
  }

  @Test
  void connectionsDroppedHalfway_leaveNothing() throws IOException {
    var half = Arrays.copyOf(HttpTwoSocket.PREFACE, HttpTwoSocket.PREFACE.length / 2);
    for (int i = 0; i < CONNECTIONS; i++) {
      var connection = i % 3 == 0 ? HttpTwoSocket.open(port) : new HttpTwoSocket(port);
      if (i % 3 == 1) {
        connection.send(half);
      }
      if (i % 2 == 0) {
        connection.reset();
      } else {
        connection.close();
      }
    }
  }

  @Test
  void thousandIdleConnections_disturbNobody() throws IOException {
    var idle = new ArrayList<HttpTwoSocket>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        idle.add(i % 2 == 0 ? HttpTwoSocket.open(port) : new HttpTwoSocket(port));
      }
      bystander.goesOn();
    } finally {
      for (var connection : idle) {
        connection.reset();
      }
    }
  }

  @Test
  void headersOverTheLimit_endTheCallAlone() throws IOException {
    try (var connection = HttpTwoSocket.open(port)) {
      var headers = HttpTwoSocket.headers("x", "x".repeat(9_000));
      var block = new ByteArrayOutputStream();
      block.writeBytes(HttpTwoSocket.call("GetEndOffsets"));
      block.writeBytes(headers);
      connection.send(
          frame(
              HttpTwoSocket.HEADERS,
              HttpTwoSocket.END_HEADERS | HttpTwoSocket.END_STREAM,
              1,
              block.toByteArray()));

      assertThat(connection.awaitFrame(HttpTwoSocket.HEADERS)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource
  void floodOfFrames_disturbsNobody(Flood flood) throws IOException {
    try (var connection = HttpTwoSocket.open(port)) {
      boolean isTaken = true;
      for (int i = 0; i < MOST_FLOODS && isTaken; i++) {
        isTaken = connection.trySend(flood.maker().frames(i));
        if (i % 50 == 0) {
          bystander.goesOn();
        }
      }
      assertThat(isTaken && flood.isCutOff()).isFalse();
    }
  }

  static Stream<Flood> floodOfFrames_disturbsNobody() {
    var ping = frame(HttpTwoSocket.PING, 0, 0, new byte[8]);
    var settings = frame(HttpTwoSocket.SETTINGS, 0, 0, NOTHING);
    var window = frame(HttpTwoSocket.WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1});
    var more = frame(HttpTwoSocket.CONTINUATION, 0, 1, HttpTwoSocket.headers("x", "y"));
    var noMore = frame(HttpTwoSocket.CONTINUATION, 0, 1, NOTHING);
    return Stream.of(
        new Flood("pings", true, number -> many(ping)),
        new Flood("settings", false, number -> many(settings)),
        new Flood("window updates", false, number -> many(window)),
        new Flood("headers that do not end", true, number -> unended(number, more)),
        new Flood("headers that do not end and grow by nothing", true, n -> unended(n, noMore)),
        new Flood("calls that are cancelled at once", false, HostileConnectionsIT::cancelled));
  }

  private static byte[] many(byte[] frame) {
    var frames = new ByteArrayOutputStream();
    for (int i = 0; i < FRAMES_AT_ONCE; i++) {
      frames.writeBytes(frame);
    }
    return frames.toByteArray();
  }

  private static byte[] unended(int number, byte[] continuation) {
    var frames = new ByteArrayOutputStream();
    if (number == 0) {
      frames.writeBytes(frame(HttpTwoSocket.HEADERS, 0, 1, HttpTwoSocket.call("Receive")));
    }
    frames.writeBytes(many(continuation));
    return frames.toByteArray();
  }

  /** "Rapid reset", CVE-2023-44487. */
  private static byte[] cancelled(int number) {
    var head = HttpTwoSocket.call("GetEndOffsets");
    var frames = new ByteArrayOutputStream();
    for (int i = 0; i < FRAMES_AT_ONCE; i++) {
      int stream = 1 + 2 * (number * FRAMES_AT_ONCE + i);
      frames.writeBytes(frame(HttpTwoSocket.HEADERS, HttpTwoSocket.END_HEADERS, stream, head));
      frames.writeBytes(frame(HttpTwoSocket.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}));
    }
    return frames.toByteArray();
  }
}
