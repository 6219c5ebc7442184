package io.liiklus.bench.worker;

import io.grpc.ClientCall;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Demand of a client: all records, a rate in bytes over all its calls, or one reply and then
 * nothing more. Confined to the connection's thread.
 */
final class Demand {

  private final boolean isStalled;
  private final Throttle throttle;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Demand::daemon);

  private Demand(boolean isStalled, Throttle throttle) {
    this.isStalled = isStalled;
    this.throttle = throttle;
  }

  /**
   * @param bytesPerSecond 0: all that come
   */
  static Demand of(boolean isStalled, int bytesPerSecond) {
    return new Demand(isStalled, new Throttle(bytesPerSecond, System.nanoTime()));
  }

  /** The call was started. */
  void begin(ClientCall<?, ?> call) {
    call.request(isStalled || throttle.isLimited() ? 1 : Integer.MAX_VALUE);
  }

  /** The call has given a reply. */
  void taken(ClientCall<?, ?> call, int bytes) {
    if (isStalled || !throttle.isLimited()) {
      return;
    }
    long waitNs = throttle.taken(bytes, System.nanoTime());
    if (waitNs == 0) {
      call.request(1);
    } else {
      var unused = timer.schedule(() -> call.request(1), waitNs, TimeUnit.NANOSECONDS);
    }
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "demand");
    thread.setDaemon(true);
    return thread;
  }
}
