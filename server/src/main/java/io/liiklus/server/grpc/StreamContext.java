package io.liiklus.server.grpc;

import io.liiklus.server.session.Sessions;
import java.time.Duration;
import java.util.Set;

/**
 * What streams share. Thread-safe.
 *
 * @param streams all that are open
 * @param copyAfter how long a client may be slow before what is held for it is copied out of the
 *     fetch that it pins
 * @param readyThreshold how many bytes may wait in a stream's transport before its pump stops
 */
record StreamContext(
    Sessions sessions,
    Set<StreamCall<?, ?>> streams,
    Drain drain,
    Duration copyAfter,
    int readyThreshold) {

  /** A stream was opened. One that a drain has just missed is drained too. */
  void onOpened(StreamCall<?, ?> stream) {
    streams.add(stream);
    if (drain.isDraining()) {
      stream.drain(Drain.DRAINING);
    }
  }
}
