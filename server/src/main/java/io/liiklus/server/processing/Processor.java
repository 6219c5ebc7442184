package io.liiklus.server.processing;

import io.liiklus.api.RecordProcessor;
import io.liiklus.api.RecordRefusedException;
import io.liiklus.server.runtime.WarnLimit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A processor with its name, and what became of the records that it was given. Thread-safe.
 *
 * @param <P> the port that it serves
 */
public final class Processor<P extends RecordProcessor> {

  private static final Logger log = LoggerFactory.getLogger(Processor.class);

  /** Longest call of a processor, on an event loop, that is not warned of. */
  private static final long LONG_CALL_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final String name;
  private final P port;

  private final WarnLimit faults = new WarnLimit();
  private final WarnLimit waits = new WarnLimit();
  private final WarnLimit longCalls = new WarnLimit();

  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  public Processor(P port) {
    this.name = port.getClass().getName();
    this.port = port;
  }

  /** The name of its class. */
  public String name() {
    return name;
  }

  /** Records that were refused on their way into the log. */
  public long refused() {
    return refused.sum();
  }

  /** Calls that failed, or were not answered in time. */
  public long failed() {
    return failed.sum();
  }

  /** Records that were dropped on their way to a client. */
  public long dropped() {
    return dropped.sum();
  }

  void onDropped(int records) {
    dropped.add(records);
  }

  /** Calls the processor; whatever it does, the answer is a future. */
  <T> CompletableFuture<T> call(Function<P, CompletionStage<T>> call) {
    long startNs = System.nanoTime();
    try {
      return call.apply(port).toCompletableFuture();
    } catch (Exception | LinkageError | StackOverflowError | AssertionError failure) {
      return CompletableFuture.failedFuture(failure);
    } finally {
      long tookNs = System.nanoTime() - startNs;
      if (tookNs > LONG_CALL_NS && longCalls.permits()) {
        log.warn(
            "a processor blocked an event loop, processor={} tookMs={} (logged once a minute)",
            name,
            TimeUnit.NANOSECONDS.toMillis(tookNs));
      }
    }
  }

  /** Failure as the client gets it; logs one that is no refusal. */
  ProcessorException failure(Throwable failure) {
    var cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof RecordRefusedException refusal) {
      refused.increment();
      return ProcessorException.refused(refusal.getMessage());
    }
    failed.increment();
    if (faults.permits()) {
      log.error("a processor failed, processor={} (logged once a minute)", name, cause);
    }
    return ProcessorException.failed(name);
  }

  /** Nobody waits any longer for an answer. */
  public void onLate() {
    failed.increment();
    if (waits.permits()) {
      log.warn("a processor did not answer in time, processor={} (logged once a minute)", name);
    }
  }

  /**
   * Failure as the client of a stream gets it.
   *
   * @param bound the setting, with its value
   */
  ProcessorException late(String bound) {
    onLate();
    return ProcessorException.late(name, bound);
  }
}
