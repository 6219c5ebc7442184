package io.liiklus.storage.fault;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults that members, readers and the publisher meet again and again, and wait out: logged once a
 * minute, and told by {@link #check} as long as they are met. Thread-safe.
 */
public final class StandingFaults {

  private static final Logger log = LoggerFactory.getLogger(StandingFaults.class);

  /** How often the log tells of a fault that is still met. */
  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  /** A fault that was not met for so long is over: longer than what is waited between two tries. */
  static final long OVER_NS = TimeUnit.SECONDS.toNanos(15);

  private final LongSupplier clockNs;
  private final Fault machine = new Fault();
  private final Fault login = new Fault();
  private final Fault mirror = new Fault();

  /** One kind of fault. Guarded by the faults. */
  private static final class Fault {
    private String text;
    private long metNs;
    private boolean isLogged;
    private long loggedNs;
  }

  public StandingFaults(LongSupplier clockNs) {
    this.clockNs = clockNs;
  }

  /** Records cannot be read or written for a fault of the machine. */
  public void onMachine(Throwable failure) {
    if (isToLog(machine, MachineFaults.text(failure))) {
      log.error(
          "records cannot be read or written by a fault of the machine, trying on,"
              + " reason={} (logged once a minute)",
          MachineFaults.text(failure),
          failure);
    }
  }

  /** A server does not let in a client that was let in before. */
  public void onLoginRefused(StorageException refused) {
    if (isToLog(login, refused.getMessage())) {
      log.warn("login refused, trying on, reason={} (logged once a minute)", refused.getMessage());
    }
  }

  /** Positions are not mirrored to the log's own group. No check fails for it: nothing waits. */
  public void onNotMirrored(String topic, String group, StorageException failure) {
    if (isToLog(mirror, failure.getMessage())) {
      log.warn(
          "positions are not mirrored, trying on, topic={} group={} reason={} (logged once a minute)",
          topic,
          group,
          failure.getMessage());
    }
  }

  private synchronized boolean isToLog(Fault fault, String text) {
    long nowNs = clockNs.getAsLong();
    fault.text = text;
    fault.metNs = nowNs;
    if (fault.isLogged && nowNs - fault.loggedNs < LOG_NS) {
      return false;
    }
    fault.isLogged = true;
    fault.loggedNs = nowNs;
    return true;
  }

  /** Fails while one is met. */
  public synchronized CompletionStage<Void> check() {
    for (var fault : new Fault[] {machine, login}) {
      if (fault.text != null && clockNs.getAsLong() - fault.metNs < OVER_NS) {
        return CompletableFuture.failedStage(new StorageException(Kind.UNAVAILABLE, fault.text));
      }
    }
    return CompletableFuture.completedStage(null);
  }
}
