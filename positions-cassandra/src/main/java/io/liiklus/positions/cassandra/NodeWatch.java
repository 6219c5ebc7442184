package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeStateListenerBase;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes that one session can reach. Logs when none can be reached any more, and when one can again.
 * Thread-safe; the driver closes it with the session.
 */
final class NodeWatch extends NodeStateListenerBase {

  private static final Logger log = LoggerFactory.getLogger(NodeWatch.class);

  /** Nodes that come and go by turns are logged no more often. */
  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  private final ContactPoints contactPoints;
  private final LongSupplier clockNs;

  // Guarded by this.
  private final Set<Node> up = new HashSet<>();
  private long awaySinceNs;
  private boolean isClosed;
  private boolean isAwayLogged;
  private boolean wasAwayLogged;
  private long awayLoggedNs;

  /**
   * @param clockNs as {@link System#nanoTime}
   */
  NodeWatch(ContactPoints contactPoints, LongSupplier clockNs) {
    this.contactPoints = contactPoints;
    this.clockNs = clockNs;
    this.awaySinceNs = clockNs.getAsLong();
  }

  synchronized int up() {
    return up.size();
  }

  /** How long there has been none. */
  synchronized long awayNs() {
    return up.isEmpty() ? clockNs.getAsLong() - awaySinceNs : 0;
  }

  @Override
  public synchronized void onUp(Node node) {
    up.add(node);
    if (isAwayLogged && !isClosed) {
      isAwayLogged = false;
      log.info("connected to Cassandra again, at={}", contactPoints);
    }
  }

  @Override
  public synchronized void onDown(Node node) {
    if (up.remove(node) && up.isEmpty() && !isClosed) {
      awaySinceNs = clockNs.getAsLong();
      logAway();
    }
  }

  @Override
  public void onRemove(Node node) {
    onDown(node);
  }

  private void logAway() {
    if (wasAwayLogged && awaySinceNs - awayLoggedNs < LOG_NS) {
      return;
    }
    isAwayLogged = true;
    wasAwayLogged = true;
    awayLoggedNs = awaySinceNs;
    log.warn("Cassandra is away, at={} (logged once a minute)", contactPoints);
  }

  @Override
  public synchronized void close() {
    isClosed = true;
  }
}
