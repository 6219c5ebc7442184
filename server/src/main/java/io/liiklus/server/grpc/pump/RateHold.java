package io.liiklus.server.grpc.pump;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.quota.PrincipalQuota;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Holds a pump back whose client has got more than its quota, and lets it go on when that is over.
 * Confined to the call's event loop.
 */
final class RateHold {

  private final EventLoop loop;
  private final PrincipalQuota quota;
  private final Runnable onOver;

  /** After which the pump goes on by itself; null: it is not held back. */
  private ScheduledFuture<?> timer;

  RateHold(EventLoop loop, PrincipalQuota quota, Runnable onOver) {
    this.loop = loop;
    this.quota = quota;
    this.onOver = onOver;
  }

  /**
   * Whether the client has got more than its quota; then the pump is notified when that is over.
   */
  boolean isOverRate() {
    long waitNs = quota.receiveWaitNs();
    if (waitNs == 0) {
      return false;
    }
    if (timer == null) {
      quota.onHeldBack();
      timer = loop.schedule(this::onTime, waitNs, TimeUnit.NANOSECONDS);
    }
    return true;
  }

  private void onTime() {
    timer = null;
    onOver.run();
  }

  /** The client gets so many bytes. */
  void onSent(int bytes) {
    quota.onReceived(bytes);
  }

  /** Whether the pump waits for its quota now. */
  boolean isHeldBack() {
    return timer != null;
  }

  /** Notifies nobody any more. */
  void cancel() {
    if (timer != null) {
      // It may be long, and clients may call Receive again and again meanwhile.
      timer.cancel(false);
    }
  }
}
