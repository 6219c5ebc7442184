package io.liiklus.server.gateway;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * A connection that speaks HTTP/1.1 (RFC 9112) as the test says, or anything else. Confined to the
 * test's thread.
 */
public final class HttpOneSocket implements AutoCloseable {

  private static final int READ_TIMEOUT_MS = 30_000;
  private static final int RECEIVE_BUFFER_BYTES = 4 * 1024;

  private final Socket socket = new Socket();

  public HttpOneSocket(int port) throws IOException {
    socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(READ_TIMEOUT_MS);
  }

  /** What was answered. */
  public record Response(String head, String body) {

    public int status() {
      return Integer.parseInt(head.split(" ", 3)[1]);
    }
  }

  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** A whole request without a body. */
  public void request(String method, String path) throws IOException {
    send(method + " " + path + " HTTP/1.1\r\nHost: gateway\r\n\r\n");
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

  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  public Response response() throws IOException {
    var head = responseHead();
    var length = header(head, "content-length");
    var body = socket.getInputStream().readNBytes(Integer.parseInt(length));
    return new Response(head, new String(body, StandardCharsets.UTF_8));
  }

  /** Up to the empty line; what follows is not read. */
  public String responseHead() throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new EOFException("the answer ends within its head: " + head);
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.US_ASCII);
  }

  public static String header(String head, String name) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** Drops all that comes until the other side hangs up. */
  public void awaitEnd() throws IOException {
    try {
      var in = socket.getInputStream();
      while (in.read() >= 0) {
        in.skipNBytes(in.available());
      }
    } catch (SocketTimeoutException silent) {
      throw new AssertionError("the connection does not end", silent);
    } catch (SocketException reset) {
      // An end too.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
