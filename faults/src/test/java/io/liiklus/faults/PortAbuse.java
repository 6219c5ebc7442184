package io.liiklus.faults;

import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.liiklus.faults.deployment.Gateway;
import io.liiklus.faults.load.Connection;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

/** Garbage and attacks on a port that is open to many. Immutable. */
final class PortAbuse {

  private static final Duration DEADLINE = Duration.ofSeconds(8);
  private static final int CONNECTIONS = 200;
  private static final int GARBAGE_BYTES = 8_192;
  private static final int ANSWER_BOUND_MS = 10_000;

  /** Over grpc.maxInboundMetadataSize. */
  private static final int HEADER_LENGTH = 60_000;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** A SETTINGS frame that is empty. */
  private static final byte[] SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

  private PortAbuse() {}

  static void of(Gateway gateway) {
    try {
      for (int number = 0; number < CONNECTIONS; number++) {
        reset(gateway.grpcPort(), number % 2 == 0);
      }
      garbage(gateway.grpcPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    oversizedHeaders(gateway);
  }

  /** Connects and ends with RST, at once or within HTTP/2. */
  private static void reset(int port, boolean isBegun) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoLinger(true, 0);
      if (isBegun) {
        socket.getOutputStream().write(PREFACE);
        socket.getOutputStream().write(SETTINGS);
      }
    }
  }

  /** Sends garbage, as the first bytes and behind a valid preface, until the gateway closes. */
  private static void garbage(int port) throws IOException {
    var bytes = new byte[GARBAGE_BYTES];
    new Random(1).nextBytes(bytes);
    for (boolean isBegun : new boolean[] {false, true}) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(ANSWER_BOUND_MS);
        var out = socket.getOutputStream();
        if (isBegun) {
          out.write(PREFACE);
          out.write(SETTINGS);
        }
        out.write(bytes);
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      } catch (SocketTimeoutException open) {
        throw new AssertionError("garbage leaves the connection open", open);
      } catch (IOException reset) {
        // Closed the hard way, which will do.
      }
    }
  }

  private static void oversizedHeaders(Gateway gateway) {
    var headers = new Metadata();
    headers.put(
        Metadata.Key.of("long", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(HEADER_LENGTH));
    try (var connection = Connection.to(gateway.address())) {
      LiiklusServiceGrpc.LiiklusServiceBlockingStub calls =
          connection
              .calls(DEADLINE)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
      var status = call(calls);
      if (status.isOk() || status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
        throw new AssertionError("oversized headers are answered " + status);
      }
    }
  }

  private static Status call(LiiklusServiceGrpc.LiiklusServiceBlockingStub calls) {
    try {
      var unused =
          calls.getOffsets(
              GetOffsetsRequest.newBuilder().setTopic("abuse").setGroup("abuse").build());
      return Status.OK;
    } catch (StatusRuntimeException failed) {
      return failed.getStatus();
    }
  }
}
