package io.liiklus.server.authorization;

import io.liiklus.api.AccessRequest;
import io.liiklus.api.AccessRequest.Operation;
import io.liiklus.api.Authorizer;
import io.liiklus.server.runtime.WarnLimit;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Count of denials, and log of their reasons, which callers do not get, and of faults of the
 * authorizer. Thread-safe.
 */
final class DenialLog {

  private static final Logger log = LoggerFactory.getLogger(DenialLog.class);

  /** Longest call of an authorizer, on an event loop, that is not warned of. */
  private static final long LONG_CALL_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Map<Operation, LongAdder> counts = new EnumMap<>(Operation.class);
  private final AtomicLong untold = new AtomicLong();
  private final WarnLimit warnings = new WarnLimit();
  private final WarnLimit faults = new WarnLimit();
  private final WarnLimit longCalls = new WarnLimit();

  DenialLog() {
    for (var operation : Operation.values()) {
      counts.put(operation, new LongAdder());
    }
  }

  long count(Operation operation) {
    return counts.get(operation).sum();
  }

  void denied(AccessRequest request, String reason) {
    counts.get(request.operation()).increment();
    untold.incrementAndGet();
    if (warnings.permits()) {
      log.warn(
          "operations were not allowed, refusals={} operation={} topic={} group={} principal={}"
              + " reason={} (logged once a minute, for the last one)",
          untold.getAndSet(0),
          request.operation(),
          request.topic(),
          request.group().orElse(""),
          request.principal(),
          reason);
    }
  }

  void failed(String authorizer, Throwable failure) {
    if (faults.permits()) {
      log.error("the authorizer failed, authorizer={} (logged once a minute)", authorizer, failure);
    }
  }

  void decided(Authorizer authorizer, long tookNs) {
    if (tookNs > LONG_CALL_NS && longCalls.permits()) {
      log.warn(
          "the authorizer blocked an event loop, authorizer={} tookMs={} (logged once a minute)",
          authorizer.type(),
          TimeUnit.NANOSECONDS.toMillis(tookNs));
    }
  }
}
