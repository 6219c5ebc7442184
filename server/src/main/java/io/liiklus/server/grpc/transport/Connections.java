package io.liiklus.server.grpc.transport;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import java.time.Duration;

/** Counter of the clients that are connected. Thread-safe: guarded by itself. */
public final class Connections extends ServerTransportFilter {

  private int count;

  @Override
  public synchronized Attributes transportReady(Attributes attributes) {
    count++;
    return attributes;
  }

  @Override
  public synchronized void transportTerminated(Attributes attributes) {
    // Null where it ended before it was ready, as one does whose TLS handshake fails.
    if (attributes != null) {
      count--;
      notifyAll();
    }
  }

  public synchronized void awaitNone(Duration longest) {
    long deadlineNs = System.nanoTime() + longest.toNanos();
    long leftMs = longest.toMillis();
    try {
      while (count > 0 && leftMs > 0) {
        wait(leftMs);
        leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
