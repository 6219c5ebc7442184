package io.liiklus.server.grpc.calls;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.Settings;
import io.liiklus.server.grpc.codec.reply.ReplyEncoder;
import io.liiklus.server.grpc.pump.PumpContext;
import io.liiklus.server.grpc.pump.RecordPump;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Settings of the streams of records. Immutable.
 *
 * @param readyThresholdBytes see {@link RecordPump}
 * @param maxReplyBytes see {@link ReplyEncoder}
 * @param copyAfter how long a client may be slow before the batches kept for it are copied out of
 *     the fetch that they pin
 */
public record ReceiveOptions(int readyThresholdBytes, int maxReplyBytes, Duration copyAfter) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  /** A client of gRPC takes 4 MiB by default. */
  private static final int MOST_REPLY_BYTES = 4 * MIB - KIB;

  static ReceiveOptions read(Settings grpc, Settings receive) {
    return new ReceiveOptions(
        (int) grpc.bytes("readyThreshold", KIB, 64L * MIB),
        (int) receive.bytes("maxReplyBytes", KIB, MOST_REPLY_BYTES),
        receive.duration("copyAfter", Duration.ofMillis(1), Duration.ofHours(1)));
  }

  /** One context for each loop, whose pumps share it. */
  Map<EventLoop, PumpContext> pumpContexts(List<? extends EventLoop> loops) {
    return loops.stream()
        .collect(
            Collectors.toUnmodifiableMap(
                loop -> loop,
                loop -> new PumpContext(loop, new ReplyEncoder(maxReplyBytes), copyAfter)));
  }
}
