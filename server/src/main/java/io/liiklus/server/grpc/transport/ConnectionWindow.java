package io.liiklus.server.grpc.transport;

import io.grpc.Attributes;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2LocalFlowController;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP/2 flow-control window of one connection, which can be held: the client then sends the
 * rest of what it was granted, and no further byte of any request until the window is released.
 * Headers, PING, RST_STREAM and all that goes to the client are not subject to it (RFC 9113, 5.2).
 * Confined to the connection's event loop.
 */
public final class ConnectionWindow {

  private static final Logger log = LoggerFactory.getLogger(ConnectionWindow.class);

  private static final Attributes.Key<ConnectionWindow> OF_CONNECTION =
      Attributes.Key.create("connection window");

  private final Optional<TransportNegotiator.Transport> transport;

  /** Number of holds. */
  private int holds;

  /** Size of the window before it was held; 0 while it is not held. */
  private int heldBytes;

  /**
   * @param transport empty where it has ended already
   */
  ConnectionWindow(Optional<TransportNegotiator.Transport> transport) {
    this.transport = transport;
  }

  /** The window of a connection that has ended: to hold it does nothing. */
  public static ConnectionWindow ended() {
    return new ConnectionWindow(Optional.empty());
  }

  static Attributes addTo(Attributes connection, ConnectionWindow window) {
    return connection.toBuilder().set(OF_CONNECTION, window).build();
  }

  public static ConnectionWindow of(Attributes connection) {
    return connection.get(OF_CONNECTION);
  }

  public boolean isHeld() {
    return heldBytes > 0;
  }

  /** Number of holds so far. */
  public int holds() {
    return holds;
  }

  /** Size of the window of each call on the connection: so much of a call may come unread. */
  public int bytesOfCall() {
    return isActive() ? flow().initialWindowSize() : 0;
  }

  public void hold() {
    if (!isHeld() && isActive()) {
      holds++;
      heldBytes = flow().initialWindowSize(stream());
      grow(-heldBytes);
    }
  }

  /** Grants the client as much as it has sent since. */
  public void release() {
    if (isHeld()) {
      int bytes = heldBytes;
      heldBytes = 0;
      if (isActive()) {
        grow(bytes);
      }
    }
  }

  private boolean isActive() {
    return transport.isPresent() && transport.get().channel().isActive();
  }

  private Http2LocalFlowController flow() {
    return transport.orElseThrow().http2().connection().local().flowController();
  }

  private Http2Stream stream() {
    return transport.orElseThrow().http2().connection().connectionStream();
  }

  /** A size of 0 shrinks it: then no further byte is granted. */
  private void grow(int bytes) {
    try {
      flow().incrementWindowSize(stream(), bytes);
    } catch (Http2Exception failure) {
      log.error("cannot change the window of a connection, bytes={}", bytes, failure);
      return;
    }
    transport.orElseThrow().channel().flush();
  }
}
