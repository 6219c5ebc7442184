package io.liiklus.server.grpc.transport;

import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.liiklus.server.runtime.WarnLimit;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counter of the connections that the gateway ended for an error of HTTP/2 on the client's side.
 * Thread-safe.
 *
 * <p>Such an error ends every call of its connection (RFC 9113, 5.4.1), those too that have nothing
 * to do with it. A client library that cancels a call before its headers went out makes one: the
 * stream that its RST_STREAM names does not exist. GOAWAY informs the client; where calls were
 * open, the log has a line. A connection that is no client, as a port scan, has none.
 */
public final class ConnectionErrors {

  private static final Logger log = LoggerFactory.getLogger(ConnectionErrors.class);

  private static final int MAX_REASON_BYTES = 200;

  private final LongAdder count = new LongAdder();
  private final WarnLimit warnings = new WarnLimit();

  public long count() {
    return count.sum();
  }

  /** Watches a connection. On its event loop. */
  void watch(Channel channel, GrpcHttp2ConnectionHandler http2) {
    var connection = http2.connection();
    connection.addListener(
        new Http2ConnectionAdapter() {
          @Override
          public void onGoAwaySent(int lastStream, long code, ByteBuf reason) {
            if (isOfClient(code)) {
              count.increment();
              warn(channel, connection.numActiveStreams(), code, reason);
            }
          }
        });
  }

  /** A socket that fails, as when a client is killed, is INTERNAL_ERROR to Netty. */
  private static boolean isOfClient(long code) {
    return code != Http2Error.NO_ERROR.code() && code != Http2Error.INTERNAL_ERROR.code();
  }

  private void warn(Channel channel, int calls, long code, ByteBuf reason) {
    if (calls > 0 && warnings.permits()) {
      log.warn(
          "a client broke HTTP/2, its connection and all calls on it end, client={} calls={}"
              + " error={} reason={} (logged once a minute)",
          channel.remoteAddress(),
          calls,
          Http2Error.valueOf(code),
          text(reason));
    } else if (log.isDebugEnabled()) {
      log.debug(
          "a client broke HTTP/2, client={} calls={} error={} reason={}",
          channel.remoteAddress(),
          calls,
          Http2Error.valueOf(code),
          text(reason));
    }
  }

  private static String text(ByteBuf reason) {
    int length = Math.min(reason.readableBytes(), MAX_REASON_BYTES);
    return reason
        .toString(reason.readerIndex(), length, StandardCharsets.UTF_8)
        .replaceAll("\\p{Cntrl}", "\uFFFD");
  }
}
