package io.liiklus.server.grpc.limits;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.grpc.transport.ConnectionWindow;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Unfinished requests of one connection, in the order in which they began. Confined to the
 * connection's event loop, but for {@link #heldBytes}.
 */
final class ConnectionRequests {

  private final EventLoop loop;
  private final ConnectionWindow window;

  /** Written on the loop alone. */
  private final AtomicLong held = new AtomicLong();

  /** The oldest first. */
  private final Set<InboundRequest> requests = new LinkedHashSet<>();

  /** The number of looks for silent requests so far. */
  private int look;

  /** The number of times that the window was held before the last look. */
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

  /** So many bytes of a call may come while it is not read. */
  int windowOfCall() {
    return window.bytesOfCall();
  }

  void add(long bytes) {
    held.lazySet(held.getPlain() + bytes);
  }

  void begin(InboundRequest request) {
    requests.add(request);
  }

  void end(InboundRequest request) {
    requests.remove(request);
  }

  /**
   * Ends calls, the newest first.
   *
   * @param goesOn whether one more is to be ended
   * @return how many
   */
  int endNewest(BooleanSupplier goesOn, Status status) {
    var all = requests.toArray(InboundRequest[]::new);
    int ended = 0;
    for (int i = all.length - 1; i >= 0 && goesOn.getAsBoolean(); i--) {
      // A stream between two messages holds nothing that its end would free.
      if (all[i].isHeld()) {
        all[i].refuse(status);
        ended++;
      }
    }
    return ended;
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
    for (var request : requests.toArray(InboundRequest[]::new)) {
      if (request.isSilentAt(look)) {
        request.refuse(status);
        ended++;
      }
    }
    look++;
    return ended;
  }
}
