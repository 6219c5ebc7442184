package io.liiklus.server.grpc;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.session.Sessions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What streams share. Thread-safe.
 *
 * @param streams all that are open
 * @param ways by event loop: what the pumps on it share
 * @param readyThreshold how many bytes may wait in a stream's transport before its pump stops
 */
record StreamContext(
    Sessions sessions,
    Set<StreamCall<?, ?>> streams,
    Drain drain,
    Map<EventLoop, RecordPump.PumpContext> ways,
    int readyThreshold) {

  RecordPump.PumpContext way(EventLoop loop) {
    return ways.get(loop);
  }

  /** From now on no new work is taken. */
  void beginDrain() {
    drain.begin();
    sessions.drain();
  }

  /**
   * All that are open, in the order in which they are to be drained. Receives first: that of a
   * session that has ended would end with OK, as if revoked.
   */
  List<StreamCall<?, ?>> inDrainOrder() {
    return streams.stream()
        .sorted(Comparator.<StreamCall<?, ?>, Boolean>comparing(StreamCall::isReceive).reversed())
        .toList();
  }

  /** A stream was opened. One that a drain has just missed is drained too. */
  void onOpened(StreamCall<?, ?> stream) {
    streams.add(stream);
    if (drain.isDraining()) {
      stream.drain();
    }
  }
}
