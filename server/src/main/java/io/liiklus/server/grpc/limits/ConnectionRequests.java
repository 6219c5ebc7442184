package io.liiklus.server.grpc.limits;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.grpc.transport.ConnectionWindow;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The unfinished requests of one connection, in the order in which they began. Confined to the
 * connection's event loop, but for {@link #heldBytes}.
 */
final class ConnectionRequests {

  private final EventLoop loop;
  private final ConnectionWindow window;

  /** Written on the loop alone. */
  private final AtomicLong held = new AtomicLong();

  private InboundRequest newest;

  /** How often was looked for silent requests. */
  private int look;

  /** How often the window was held before the last look. */
  private int holdsSeen;

  ConnectionRequests(EventLoop loop, ConnectionWindow window) {
    this.loop = loop;
    this.window = window;
  }

  EventLoop loop() {
    return loop;
  }

  /** Any thread. */
  long heldBytes() {
    return held.get();
  }

  int look() {
    return look;
  }

  void add(long bytes) {
    held.lazySet(held.getPlain() + bytes);
  }

  void link(InboundRequest request) {
    request.older = newest;
    if (newest != null) {
      newest.newer = request;
    }
    newest = request;
  }

  void unlink(InboundRequest request) {
    if (request.newer == null) {
      newest = request.older;
    } else {
      request.newer.older = request.older;
    }
    if (request.older != null) {
      request.older.newer = request.newer;
    }
    request.older = null;
    request.newer = null;
  }

  /**
   * @return false where there is none
   */
  boolean endNewest(Status status) {
    if (newest == null) {
      return false;
    }
    newest.refuse(status);
    return true;
  }

  /**
   * Ends the calls of which nothing came since this was last called, unless the connection was not
   * read meanwhile.
   *
   * @return how many
   */
  int endSilent(Status status) {
    if (window.isHeld() || window.holds() != holdsSeen) {
      holdsSeen = window.holds();
      look++;
      return 0;
    }
    int ended = 0;
    var request = newest;
    while (request != null) {
      var next = request.older;
      if (request.isSilentAt(look)) {
        request.refuse(status);
        ended++;
      }
      request = next;
    }
    look++;
    return ended;
  }
}
