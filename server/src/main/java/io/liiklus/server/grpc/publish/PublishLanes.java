package io.liiklus.server.grpc.publish;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.RecordsStorage;
import io.liiklus.server.grpc.transport.ConnectionWindow;
import io.liiklus.server.processing.PreProcessors;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Backpressure from the records storage to the clients that publish: a {@link PublishLane} for each
 * connection. Thread-safe.
 *
 * <pre>
 *   Publish, PublishBatch, PublishStream
 *      |
 *   ProcessingLane, where there are processors
 *      |                      taken
 *   PublishLane ------------------------&gt; RecordsStorage.publish
 *      |  FULL: records wait here, requests     |
 *      |  behind them unparsed, and the         |
 *      |  ConnectionWindow is held              |  onRoom
 *      |                                        v
 *   LoopLanes &lt;------------------------- PublishLanes
 *      a record of each lane of the event loop in turn, until the storage is FULL again
 * </pre>
 *
 * While a connection's window is held its client sends no further byte of any request. What came
 * before may be more than a window: gRPC lets a client send all its calls at once, piece by piece,
 * and then the last pieces end all of them. So requests wait as they came, counted by {@code
 * grpc.maxUnfinishedRequestBytes}, and no more of them are parsed than {@code
 * publish.maxWaitingBytes} has room for. Lanes take turns record by record, so that a small
 * publisher does not wait behind a large one. A connection that publishes nothing is never held.
 */
public final class PublishLanes extends ServerTransportFilter {

  private static final Attributes.Key<PublishLane> OF_CONNECTION =
      Attributes.Key.create("publish lane");

  private final Supplier<EventLoop> currentLoop;
  private final Map<EventLoop, LoopLanes> loops;

  /**
   * @param maxWaitingBytes of the records of all lanes; past it requests wait unparsed
   * @param currentLoop the event loop that runs the caller
   */
  public PublishLanes(
      RecordsStorage records,
      PreProcessors processors,
      long maxWaitingBytes,
      List<EventLoop> loops,
      Supplier<EventLoop> currentLoop) {
    this.currentLoop = currentLoop;
    long ofLoop = Math.max(1, maxWaitingBytes / loops.size());
    this.loops =
        loops.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    loop -> loop, loop -> new LoopLanes(loop, records, processors, ofLoop)));
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
    return loops.values().stream().mapToLong(LoopLanes::waitingBytes).sum();
  }
}
