package io.liiklus.server.grpc.publish;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.RecordsStorage;
import io.liiklus.server.grpc.transport.ConnectionWindow;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Backpressure from the records storage to the clients that publish: a {@link PublishLane} for each
 * connection. Thread-safe.
 *
 * <pre>
 *   Publish, PublishBatch
 *      |                      taken
 *   PublishLane ------------------------&gt; RecordsStorage.publish
 *      |  FULL: records wait here,              |
 *      |  and the ConnectionWindow is held      |  onRoom
 *      |                                        v
 *   LoopLanes &lt;------------------------- PublishLanes
 *      a record of each lane of the event loop in turn, until the storage is FULL again
 * </pre>
 *
 * While a connection's window is held its client sends no further byte of any request, so what may
 * wait of each connection is {@code grpc.flowControlWindow}; of all of them it is {@code
 * publish.maxWaitingBytes}. Lanes take turns record by record, so that a small publisher does not
 * wait behind a large one. A connection that publishes nothing is never held.
 */
public final class PublishLanes extends ServerTransportFilter {

  private static final Attributes.Key<PublishLane> OF_CONNECTION =
      Attributes.Key.create("publish lane");

  private final Supplier<EventLoop> currentLoop;
  private final Map<EventLoop, LoopLanes> loops;

  private final LoopLanes.Bound bound;

  /**
   * @param maxWaitingBytes of all lanes; a record past it is RESOURCE_EXHAUSTED
   * @param currentLoop the event loop that runs the caller
   */
  public PublishLanes(
      RecordsStorage records,
      long maxWaitingBytes,
      List<EventLoop> loops,
      Supplier<EventLoop> currentLoop) {
    this.currentLoop = currentLoop;
    this.bound = LoopLanes.Bound.of(maxWaitingBytes);
    this.loops =
        loops.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    loop -> loop, loop -> new LoopLanes(loop, records, bound)));
    records.onRoom(() -> this.loops.values().forEach(LoopLanes::onRoom));
  }

  /** On the connection's event loop, as all that its lane does. */
  public static PublishLane of(Attributes connection) {
    return connection.get(OF_CONNECTION);
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    var lane = new PublishLane(loops.get(currentLoop.get()), ConnectionWindow.of(attributes));
    return attributes.toBuilder().set(OF_CONNECTION, lane).build();
  }

  @Override
  public void transportTerminated(Attributes attributes) {
    // Null where the connection ended before it was ready.
    if (attributes != null) {
      of(attributes).close();
    }
  }

  /** Bytes of records that wait for the storage. */
  public long waitingBytes() {
    return bound.waitingBytes().get();
  }
}
