package io.liiklus.server.grpc.pump;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.grpc.codec.reply.ReplyEncoder;
import java.time.Duration;

/**
 * What the pumps of one event loop share. Immutable, but for the encoder, which is the loop's.
 *
 * @param encoder the one of this loop
 * @param copyAfter how long a client may be slow before its batches are copied
 */
public record PumpContext(EventLoop loop, ReplyEncoder encoder, Duration copyAfter) {}
