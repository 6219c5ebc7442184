package io.liiklus.server.session;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.PositionsStorage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/** Opens acks on a clock that a test turns, for tests of other packages. */
public final class SteppedAcks {

  /** What was not written for so long can be made up for at once. */
  public static final Duration BURST = WriteRateLimiter.BURST;

  private SteppedAcks() {}

  /** Repeats requests after delays that are not random. */
  public static Retry retry(ScheduledExecutorService timer) {
    return new Retry(timer, () -> 0.5);
  }

  public static Acks open(
      PositionsStorage positions,
      List<? extends EventLoop> loops,
      Acks.Options bounds,
      LongSupplier clock) {
    return new Acks(
        positions, List.<EventLoop>copyOf(loops), loop -> false, bounds, clock, () -> 0.5);
  }
}
