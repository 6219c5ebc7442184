package io.liiklus.server.grpc.consume;

import com.github.bsideup.liiklus.protocol.AckedPositions;
import com.github.bsideup.liiklus.protocol.ConsumeReply;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Replies without contents of a call that is silent, as balancers end streams that are idle.
 * Confined to the call's event loop.
 */
final class Heartbeat {

  private static final ConsumeReply EMPTY =
      ConsumeReply.newBuilder().setAcked(AckedPositions.getDefaultInstance()).build();

  private final EventLoop loop;
  private final long everyNs;
  private final ConsumeReplies.Transport transport;
  private long lastReplyNs;
  private boolean isEnded;

  Heartbeat(EventLoop loop, Duration every, ConsumeReplies.Transport transport) {
    this.loop = loop;
    this.everyNs = every.toNanos();
    this.transport = transport;
  }

  void onReply() {
    lastReplyNs = System.nanoTime();
  }

  void begin() {
    lastReplyNs = System.nanoTime();
    goOn(everyNs);
  }

  private void goOn(long delayNs) {
    var unused = loop.schedule(this::look, delayNs, TimeUnit.NANOSECONDS);
  }

  private void look() {
    if (isEnded) {
      return;
    }
    long delayNs = lastReplyNs + everyNs - System.nanoTime();
    if (delayNs > 0) {
      goOn(delayNs);
      return;
    }
    if (transport.isReady()) {
      transport.send(EMPTY);
    }
    goOn(everyNs);
  }

  void end() {
    isEnded = true;
  }
}
