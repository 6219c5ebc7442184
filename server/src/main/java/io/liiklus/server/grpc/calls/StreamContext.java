package io.liiklus.server.grpc.calls;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.authorization.Access;
import io.liiklus.server.grpc.consume.ConsumeContext;
import io.liiklus.server.grpc.consume.ConsumeOptions;
import io.liiklus.server.grpc.consume.DeadLetterPublisher;
import io.liiklus.server.grpc.pump.PumpContext;
import io.liiklus.server.inflight.UnackedBudget;
import io.liiklus.server.processing.PostProcessors;
import io.liiklus.server.runtime.WarnLimit;
import io.liiklus.server.session.Sessions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** State that all streams of the gateway share, with the streams that are open. Thread-safe. */
final class StreamContext {

  private final Sessions sessions;
  private final PostProcessors processors;
  private final Access access;
  private final Drain drain;
  private final int readyThresholdBytes;
  private final Map<EventLoop, PumpContext> pumpContexts;
  private final ConsumeContext consume;
  private final Set<StreamCall<?, ?>> open = ConcurrentHashMap.newKeySet();

  StreamContext(
      GatewayCore core,
      Drain drain,
      ReceiveOptions receive,
      ConsumeOptions consume,
      List<? extends EventLoop> loops) {
    this.sessions = core.sessions();
    this.processors = core.processing().out();
    this.access = core.access();
    this.drain = drain;
    this.readyThresholdBytes = receive.readyThresholdBytes();
    this.pumpContexts = receive.pumpContexts(loops);
    this.consume =
        new ConsumeContext(
            consume,
            sessions,
            core.acks(),
            processors,
            pumpContexts,
            new DeadLetterPublisher(core.records(), core.inflight()),
            core.inflight(),
            new UnackedBudget(consume.maxUnackedBytes()),
            new WarnLimit());
    access.onChange(() -> open.forEach(StreamCall::judgeAgain));
  }

  /** Judges what callers may do. */
  Access access() {
    return access;
  }

  Sessions sessions() {
    return sessions;
  }

  /** What is between a storage and a Receive. */
  PostProcessors processors() {
    return processors;
  }

  /** Bytes that may wait in a stream's transport before its pump stops. */
  int readyThresholdBytes() {
    return readyThresholdBytes;
  }

  /** What all Consumes share. */
  ConsumeContext consume() {
    return consume;
  }

  PumpContext pumpContext(EventLoop loop) {
    return pumpContexts.get(loop);
  }

  /**
   * Refuses new work while the gateway drains.
   *
   * @throws io.grpc.StatusRuntimeException then
   */
  void requireServing() {
    drain.requireServing();
  }

  /** From now on no new work is taken. */
  void beginDrain() {
    drain.begin();
    sessions.drain();
  }

  /**
   * The open streams, in the order in which they are to be drained. Receives first: that of a
   * session that has ended would end with OK, as if revoked.
   */
  List<StreamCall<?, ?>> inDrainOrder() {
    return open.stream()
        .sorted(Comparator.<StreamCall<?, ?>, Boolean>comparing(StreamCall::isReceive).reversed())
        .toList();
  }

  int openStreams() {
    return open.size();
  }

  /** A stream was opened. One that a drain has just missed is drained too. */
  void onOpened(StreamCall<?, ?> stream) {
    open.add(stream);
    // Again, as the policy may have changed before it was among those that are judged again.
    stream.requireAllowed();
    if (drain.isDraining()) {
      stream.drain();
    }
  }

  void onEnded(StreamCall<?, ?> stream) {
    open.remove(stream);
  }
}
