package io.liiklus.server.security;

import io.liiklus.server.runtime.WarnLimit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log of the reasons why calls are refused, which their callers do not get. Thread-safe. */
public final class RefusalLog {

  private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);

  private final AtomicLong untold = new AtomicLong();
  private final WarnLimit warnings = new WarnLimit();

  /**
   * @param client its address
   * @param method what it called
   */
  public void refused(Object client, String method, String reason) {
    untold.incrementAndGet();
    log.debug("call refused, client={} method={} reason={}", client, method, reason);
    if (warnings.permits()) {
      log.warn(
          "calls without valid credentials were refused, calls={} client={} method={} reason={}"
              + " (logged once a minute, for the last one)",
          untold.getAndSet(0),
          client,
          method,
          reason);
    }
  }
}
