package io.liiklus.server.grpc.transport;

import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.util.List;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * Filter of gRPC's log against the mistakes of clients: gRPC logs a stack trace for each request
 * over the limit and each connection that is not HTTP/2, so any client could fill the disk. The
 * status informs the client. At DEBUG our log has a line for each. Immutable.
 */
public final class TransportLogFilter {

  private static final org.slf4j.Logger log = LoggerFactory.getLogger(TransportLogFilter.class);

  private static final String TRANSPORT = "io.grpc.netty.shaded.io.grpc.netty.";

  /**
   * Referenced, since java.util.logging drops loggers, and their filters, that nothing references.
   */
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
