package io.liiklus.server.grpc.consume;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.grpc.pump.PumpContext;
import io.liiklus.server.inflight.InflightMetrics;
import io.liiklus.server.inflight.UnackedBudget;
import io.liiklus.server.processing.PostProcessors;
import io.liiklus.server.runtime.WarnLimit;
import io.liiklus.server.session.Acks;
import io.liiklus.server.session.Sessions;
import java.util.Map;

/**
 * What all Consumes of the gateway share. Thread-safe.
 *
 * @param farAhead limits the warnings of partitions that are too far ahead of their positions
 */
public record ConsumeContext(
    ConsumeOptions options,
    Sessions sessions,
    Acks acks,
    PostProcessors processors,
    Map<EventLoop, PumpContext> pumps,
    DeadLetterPublisher deadLetters,
    InflightMetrics metrics,
    UnackedBudget budget,
    WarnLimit farAhead) {}
