package io.liiklus.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Client's connection and the one to the server behind it: they close together. Thread-safe. */
final class RelayedConnection {

  private static final int CHUNK_BYTES = 1 << 16;
  private static final int MAX_DELAYED_CHUNKS = 1_024;
  private static final long CLOSED_CHECK_MS = 100;

  private final Socket client;
  private final Socket server;
  private final LongSupplier delayNs;
  private final RelayHold hold;
  private final Consumer<RelayedConnection> onClosed;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final BlockingQueue<Chunk> answers = new ArrayBlockingQueue<>(MAX_DELAYED_CHUNKS);

  RelayedConnection(
      Socket client,
      Socket server,
      LongSupplier delayNs,
      RelayHold hold,
      Consumer<RelayedConnection> onClosed) {
    this.client = client;
    this.server = server;
    this.delayNs = delayNs;
    this.hold = hold;
    this.onClosed = onClosed;
  }

  /** Starts to relay and returns. */
  void run() {
    startDaemon("relay requests", () -> closeAfter(this::copyRequests));
    startDaemon("relay reads answers", this::readAnswersToTheEnd);
    startDaemon("relay writes answers", () -> closeAfter(this::writeAnswers));
  }

  void close() {
    if (closed.compareAndSet(false, true)) {
      closeQuietly(client);
      closeQuietly(server);
      // The writer may wait for an answer that never comes. Full, the queue keeps it from waiting:
      // its next write fails.
      var unused = answers.offer(Chunk.END);
      onClosed.accept(this);
    }
  }

  static void closeQuietly(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closing is all that was wanted.
    }
  }

  static Thread startDaemon(String name, Runnable work) {
    var thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void closeAfter(Direction direction) {
    try {
      direction.run();
    } catch (IOException e) {
      // One side has closed; the other follows.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  private void copyRequests() throws IOException, InterruptedException {
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    var in = client.getInputStream();
    var out = server.getOutputStream();
    var buffer = new byte[CHUNK_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      hold.pass(closed::get);
      out.write(buffer, 0, read);
    }
  }

  /** The writer closes the connection, once the client has all bytes up to the end. */
  private void readAnswersToTheEnd() {
    try {
      readAnswers();
    } catch (IOException e) {
      // The same as the end of the stream.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      endAnswers();
    }
  }

  private void readAnswers() throws IOException, InterruptedException {
    InputStream in = server.getInputStream();
    var buffer = new byte[CHUNK_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      put(
          new Chunk(
              ByteBuffer.wrap(Arrays.copyOf(buffer, read)),
              System.nanoTime() + delayNs.getAsLong()));
    }
  }

  private void endAnswers() {
    try {
      put(Chunk.END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits while the client is slow; no longer than the connection is open. */
  private void put(Chunk chunk) throws InterruptedException {
    boolean taken = false;
    while (!taken && !closed.get()) {
      taken = answers.offer(chunk, CLOSED_CHECK_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void writeAnswers() throws IOException, InterruptedException {
    var out = client.getOutputStream();
    for (var chunk = answers.take(); !chunk.isEnd(); chunk = answers.take()) {
      TimeUnit.NANOSECONDS.sleep(chunk.dueNs() - System.nanoTime());
      hold.pass(closed::get);
      out.write(chunk.bytes().array());
    }
  }

  private interface Direction {
    void run() throws IOException, InterruptedException;
  }

  /** Bytes of an answer and when the client gets them, in {@link System#nanoTime()}. */
  private record Chunk(ByteBuffer bytes, long dueNs) {
    static final Chunk END = new Chunk(ByteBuffer.allocate(0), 0);

    boolean isEnd() {
      return !bytes.hasRemaining();
    }
  }
}
