package io.liiklus.server.grpc.auth;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.security.Identity;
import io.liiklus.server.security.Principal;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open streams whose tokens expire, so that they end then. Thread-safe.
 *
 * <p>The wall clock is looked at again and again, as timers stand still in a machine that does.
 */
final class ExpiringStreams {

  private static final Logger log = LoggerFactory.getLogger(ExpiringStreams.class);

  private static final String RECEIVE = LiiklusServiceGrpc.getReceiveMethod().getFullMethodName();

  private final Status expired;
  private final InstantSource clock;
  private final Set<Stream<?>> open = ConcurrentHashMap.newKeySet();

  /**
   * @param expired how such streams end
   */
  ExpiringStreams(Status expired, InstantSource clock) {
    this.expired = expired;
    this.clock = clock;
  }

  /** Returns the listener by which the stream is to be listened to. */
  <Q> ServerCall.Listener<Q> add(
      ServerCall<Q, ?> call, Identity identity, EventLoop loop, ServerCall.Listener<Q> listener) {
    var stream = new Stream<>(call, identity, loop, listener);
    open.add(stream);
    return stream;
  }

  /** Ends the streams whose tokens have expired; called every few seconds. */
  void endExpired() {
    long nowMs = clock.millis();
    open.stream()
        .filter(stream -> stream.identity.isExpired(nowMs))
        // As in a drain: a Receive whose session has ended would end as if it was revoked.
        .sorted(Comparator.comparing(stream -> !stream.method().equals(RECEIVE)))
        .forEach(ExpiringStreams::endOnLoop);
  }

  private static void endOnLoop(Stream<?> stream) {
    try {
      stream.loop.execute(stream::end);
    } catch (RejectedExecutionException closed) {
      // So is the gateway.
    }
  }

  int size() {
    return open.size();
  }

  /** One stream. Confined to its event loop, but for what is final. */
  private final class Stream<Q> extends SimpleForwardingServerCallListener<Q> {

    private final ServerCall<Q, ?> call;
    private final Identity identity;
    private final EventLoop loop;
    private boolean isEnded;

    private Stream(
        ServerCall<Q, ?> call, Identity identity, EventLoop loop, ServerCall.Listener<Q> listener) {
      super(listener);
      this.call = call;
      this.identity = identity;
      this.loop = loop;
    }

    private String method() {
      return call.getMethodDescriptor().getFullMethodName();
    }

    private Principal principal() {
      return identity.principal();
    }

    private void end() {
      if (isEnded) {
        return;
      }
      log.info(
          "stream ended as its token has expired, method={} principal={}", method(), principal());
      if (delegate() instanceof GracefulCall graceful) {
        open.remove(this);
        graceful.endGracefully(expired);
        return;
      }
      leave();
      super.onCancel();
      call.close(expired, new Metadata());
    }

    private void leave() {
      isEnded = true;
      open.remove(this);
    }

    @Override
    public void onMessage(Q message) {
      if (!isEnded) {
        super.onMessage(message);
      }
    }

    @Override
    public void onHalfClose() {
      if (!isEnded) {
        super.onHalfClose();
      }
    }

    @Override
    public void onReady() {
      if (!isEnded) {
        super.onReady();
      }
    }

    @Override
    public void onCancel() {
      if (!isEnded) {
        leave();
        super.onCancel();
      }
    }

    @Override
    public void onComplete() {
      if (!isEnded) {
        leave();
        super.onComplete();
      }
    }
  }
}
