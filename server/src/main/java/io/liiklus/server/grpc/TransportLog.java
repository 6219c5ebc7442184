package io.liiklus.server.grpc;

import io.grpc.StatusRuntimeException;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what clients do wrong out of gRPC's log. For each request over the limit its transport logs
 * a stack trace, so a client could fill the disk; the client itself is told by the status.
 */
final class TransportLog {

  private static final org.slf4j.Logger log = LoggerFactory.getLogger(TransportLog.class);

  /** Held, since java.util.logging forgets loggers, and their filters, that nobody holds. */
  private static final Logger STREAMS =
      Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream");

  private TransportLog() {}

  /** For all servers of the process. */
  static void quieten() {
    STREAMS.setFilter(TransportLog::isOurs);
  }

  private static boolean isOurs(LogRecord entry) {
    if (entry.getThrown() instanceof StatusRuntimeException refused) {
      log.debug("a request was refused, status={}", refused.getStatus());
      return false;
    }
    return true;
  }
}
