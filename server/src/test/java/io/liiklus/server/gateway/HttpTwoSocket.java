package io.liiklus.server.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A connection that speaks HTTP/2 (RFC 9113) frame by frame, or anything else. Confined to the
 * test's thread.
 */
public final class HttpTwoSocket implements AutoCloseable {

  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;

  public static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] NOTHING = {};
  private static final int READ_TIMEOUT_MS = 30_000;

  private final Socket socket;

  public HttpTwoSocket(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(READ_TIMEOUT_MS);
  }

  /** A connection that has said hello. */
  public static HttpTwoSocket open(int port) throws IOException {
    var connection = new HttpTwoSocket(port);
    connection.send(PREFACE);
    connection.send(frame(SETTINGS, 0, 0, NOTHING));
    return connection;
  }

  public static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** Literals that are not indexed, names and values by turns (RFC 7541, 6.2.2). */
  public static byte[] headers(String... namesAndValues) {
    var block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.write(0);
      text(block, namesAndValues[i]);
      text(block, namesAndValues[i + 1]);
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    int length = text.length();
    if (length < 0x7f) {
      block.write(length);
    } else {
      block.write(0x7f);
      int rest = length - 0x7f;
      for (; rest >= 0x80; rest >>= 7) {
        block.write(0x80 | (rest & 0x7f));
      }
      block.write(rest);
    }
    block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The head of a call of a method of the service. */
  public static byte[] call(String method) {
    var path = "/com.github.bsideup.liiklus.LiiklusService/" + method;
    return headers(
        ":method",
        "POST",
        ":scheme",
        "http",
        ":path",
        path,
        ":authority",
        "localhost",
        "te",
        "trailers",
        "content-type",
        "application/grpc");
  }

  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Whether the other side still takes bytes: false once it has hung up. */
  public boolean trySend(byte[] bytes) {
    try {
      send(bytes);
      return true;
    } catch (IOException hungUp) {
      return false;
    }
  }

  /**
   * Reads until a frame of this type comes.
   *
   * @return false where the other side hangs up first
   */
  public boolean awaitFrame(int type) throws IOException {
    try {
      var in = socket.getInputStream();
      while (true) {
        var head = in.readNBytes(9);
        if (head.length < 9) {
          return false;
        }
        int length = ((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff);
        in.skipNBytes(length);
        if (head[3] == type) {
          return true;
        }
      }
    } catch (SocketTimeoutException silent) {
      throw new AssertionError("neither such a frame nor an end came", silent);
    } catch (SocketException | java.io.EOFException reset) {
      return false;
    }
  }

  /** Reads all that comes until the other side hangs up. */
  public void awaitEnd() throws IOException {
    var unused = awaitFrame(-1);
  }

  /** Hangs up with a RST, as a process that is killed does. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
