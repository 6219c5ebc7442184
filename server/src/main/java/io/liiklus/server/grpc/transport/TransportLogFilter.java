package io.liiklus.server.grpc.transport;

import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.util.List;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what clients do wrong out of gRPC's log, which has a stack trace for each request over the
 * limit and each connection that is not HTTP/2, so that anybody could fill the disk. Clients are
 * told by the status. At DEBUG our log has a line for each.
 */
public final class TransportLogFilter {

  private static final org.slf4j.Logger log = LoggerFactory.getLogger(TransportLogFilter.class);

  private static final String TRANSPORT = "io.grpc.netty.shaded.io.grpc.netty.";

  /** Held, since java.util.logging forgets loggers, and their filters, that nobody holds. */
  private static final List<Logger> NOISY =
      List.of(
          Logger.getLogger(TRANSPORT + "NettyServerStream"),
          Logger.getLogger(TRANSPORT + "NettyServerHandler"),
          Logger.getLogger(TRANSPORT + "NettyServerTransport.connections"));

  private TransportLogFilter() {}

  /** For all servers of the process. */
  public static void quieten() {
    NOISY.forEach(logger -> logger.setFilter(TransportLogFilter::isOurs));
  }

  private static boolean isOurs(LogRecord entry) {
    var thrown = entry.getThrown();
    if (isOfClient(thrown)) {
      log.debug("a client was refused, reason={}", thrown.toString());
      return false;
    }
    return true;
  }

  private static boolean isOfClient(Throwable thrown) {
    return thrown instanceof StatusRuntimeException
        || thrown instanceof Http2Exception
        || thrown instanceof IOException;
  }
}
