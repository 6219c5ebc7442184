package io.liiklus.server.quota;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What one principal uses of this gateway, and may use. Thread-safe. */
public final class PrincipalQuota {

  /** Of a principal without a rule. */
  public static final PrincipalQuota UNLIMITED = new PrincipalQuota();

  private final String principal;
  private final int maxConnections;
  private final int maxSessions;
  private final TokenBucket publishing;
  private final TokenBucket receiving;

  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger sessions = new AtomicInteger();
  private final LongAdder published = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder waits = new LongAdder();

  private PrincipalQuota() {
    this.principal = "";
    this.maxConnections = 0;
    this.maxSessions = 0;
    this.publishing = TokenBucket.UNLIMITED;
    this.receiving = TokenBucket.UNLIMITED;
  }

  PrincipalQuota(String principal, QuotaRule rule, LongSupplier clockNs) {
    this.principal = principal;
    this.maxConnections = rule.connections();
    this.maxSessions = rule.sessions();
    this.publishing = new TokenBucket(rule.publishBytesPerSecond(), clockNs);
    this.receiving = new TokenBucket(rule.receiveBytesPerSecond(), clockNs);
  }

  /** Whether nothing is counted, nor limited. */
  public boolean isUnlimited() {
    return this == UNLIMITED;
  }

  /** Time until the next publish may begin; 0: now. */
  public long publishWaitNs() {
    return publishing.waitNs();
  }

  /** Records were taken from a client. */
  public void onPublished(long bytes) {
    if (!isUnlimited()) {
      publishing.take(bytes);
      published.add(bytes);
    }
  }

  /** Time until the next reply may be sent; 0: now. */
  public long receiveWaitNs() {
    return receiving.waitNs();
  }

  /** A reply with records goes to a client. */
  public void onReceived(long bytes) {
    if (!isUnlimited()) {
      receiving.take(bytes);
      received.add(bytes);
    }
  }

  /** A publish, or records on their way to a client, have to wait. */
  public void onHeldBack() {
    waits.increment();
  }

  /**
   * Counts one more connection, whose end is to be counted too.
   *
   * @throws QuotaException where there are too many
   */
  void openConnection() {
    open(connections, maxConnections, "connections");
  }

  void closeConnection() {
    connections.decrementAndGet();
  }

  /**
   * Counts one more session; {@link #closeSession} is to be called for it.
   *
   * @throws QuotaException where there are too many
   */
  public void openSession() {
    if (!isUnlimited()) {
      open(sessions, maxSessions, "sessions");
    }
  }

  public void closeSession() {
    if (!isUnlimited()) {
      sessions.decrementAndGet();
    }
  }

  private void open(AtomicInteger count, int max, String what) {
    if (count.incrementAndGet() > max && max > 0) {
      count.decrementAndGet();
      throw new QuotaException(
          "more than %d %s of principal %s on this gateway are not allowed (quotas.rules)"
              .formatted(max, what, principal.isEmpty() ? "(no name)" : principal));
    }
  }

  /** Returns whether it is as a new one would be. */
  boolean isIdle() {
    return connections.get() == 0
        && sessions.get() == 0
        && publishing.isFull()
        && receiving.isFull();
  }

  public int connections() {
    return connections.get();
  }

  public int sessions() {
    return sessions.get();
  }

  public long publishedBytes() {
    return published.sum();
  }

  public long receivedBytes() {
    return received.sum();
  }

  public long waits() {
    return waits.sum();
  }
}
