package io.liiklus.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Connection with the part of the Redis protocol (RESP 2) that starting servers takes: a command of
 * words, and answers that are one string, number or error. Confined to one thread.
 */
public final class RedisConnection implements AutoCloseable {

  private static final int TIMEOUT_MS = 2_000;
  private static final int MAX_LINE_CHARS = 1 << 16;

  private final Socket socket;
  private final InputStream in;

  /** Connects, within a bound. */
  public RedisConnection(InetSocketAddress server) throws IOException {
    socket = new Socket();
    try {
      socket.connect(server, TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** As below, of a server that wants no password. */
  static boolean serves(InetSocketAddress server) {
    return serves(server, "");
  }

  /**
   * Whether the server answers commands: it is there, does not hang, and has read its data.
   *
   * @param password empty where it wants none
   */
  static boolean serves(InetSocketAddress server, String password) {
    try (var connection = new RedisConnection(server)) {
      connection.logIn(password);
      return connection.ask("PING").equals("PONG");
    } catch (IOException e) {
      return false;
    }
  }

  /** As below, of a server that wants no password. */
  static String ask(InetSocketAddress server, String... words) {
    return askAs(server, "", words);
  }

  /**
   * The answer to one command over a connection of its own.
   *
   * @param password empty where the server wants none
   */
  static String askAs(InetSocketAddress server, String password, String... words) {
    try (var connection = new RedisConnection(server)) {
      connection.logIn(password);
      return connection.ask(words);
    } catch (IOException e) {
      throw new UncheckedIOException("no answer of Redis on " + server + " to " + words[0], e);
    }
  }

  private void logIn(String password) throws IOException {
    if (!password.isEmpty()) {
      ask("AUTH", password);
    }
  }

  /** The answer to one command. An answer that is an error is an {@link IOException}. */
  public String ask(String... words) throws IOException {
    var command = new StringBuilder("*").append(words.length).append("\r\n");
    for (var word : words) {
      int length = word.getBytes(StandardCharsets.UTF_8).length;
      command.append('$').append(length).append("\r\n").append(word).append("\r\n");
    }
    socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.UTF_8));

    var line = readLine();
    var rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+', ':' -> rest;
      case '$' -> readString(Integer.parseInt(rest));
      default -> throw new IOException(words[0] + " answers " + line);
    };
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String readString(int length) throws IOException {
    if (length < 0) {
      return "";
    }
    var bytes = in.readNBytes(length);
    in.skipNBytes(2);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String readLine() throws IOException {
    var line = new StringBuilder();
    int next = in.read();
    while (next != '\n' && line.length() < MAX_LINE_CHARS) {
      if (next < 0) {
        throw new EOFException("the server closed the connection");
      }
      line.append((char) next);
      next = in.read();
    }
    var text = line.toString().strip();
    if (text.isEmpty()) {
      throw new IOException("the server answers an empty line");
    }
    return text;
  }
}
