package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeper of the session: connects in the background, finds or makes the tables, again and again
 * with a bounded delay until it has a session. From then on the driver keeps the connections.
 * Thread-safe.
 *
 * <p>Threads: {@code liiklus-cassandra} connects. {@link #session} is for any thread and takes no
 * lock.
 */
final class CassandraConnector {

  private static final Logger log = LoggerFactory.getLogger(CassandraConnector.class);

  /**
   * Pauses between attempts double from the first to the longest; each is shorter by up to half.
   */
  private static final long FIRST_PAUSE_MS = 200;

  private static final long LONGEST_PAUSE_MS = 5_000;
  private static final int MAX_DOUBLINGS = 10;

  /**
   * A session without any node for so long is replaced: the driver knows nodes by their addresses,
   * and does not look up the names of the contact points again.
   */
  private static final long RENEW_NS = TimeUnit.SECONDS.toNanos(30);

  /** Pause between two looks at that. */
  private static final long LOOK_MS = 5_000;

  /** Attempts between two WARNs while Cassandra stays away. */
  private static final int ATTEMPTS_PER_WARNING = 30;

  /** Bound on the wait for connections that close. */
  private static final Duration CLOSE = Duration.ofSeconds(3);

  private final CassandraSettings settings;
  private final boolean isReadOnly;
  private final SessionFactory sessions;
  private final Thread thread;

  // Any thread.
  private volatile OpenSession session;
  private volatile StorageException failure =
      new StorageException(Kind.UNAVAILABLE, "not connected to Cassandra yet");
  private volatile boolean isClosed;

  /**
   * @param isReadOnly whether no table is made
   */
  CassandraConnector(CassandraSettings settings, boolean isReadOnly) {
    this.settings = settings;
    this.isReadOnly = isReadOnly;
    this.sessions = new SessionFactory(settings);
    this.thread = new Thread(this::run, "liiklus-cassandra");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Number of the nodes that can be reached. */
  int nodesUp() {
    var open = session;
    return open == null ? 0 : open.nodes().up();
  }

  /**
   * The session.
   *
   * @throws StorageException saying why there is none
   */
  OpenSession session() {
    if (isClosed) {
      throw closed();
    }
    var open = session;
    if (open == null) {
      // With a stack trace of its own: the one kept would be shared by many calls.
      var reason = failure;
      throw new StorageException(reason.kind(), reason.getMessage(), reason.getCause());
    }
    return open;
  }

  boolean isClosed() {
    return isClosed;
  }

  static StorageException closed() {
    return new StorageException(Kind.CLOSED, "the positions storage was closed");
  }

  private void run() {
    var warned = new HashSet<String>();
    int failed = 0;
    boolean isToGoOn = true;
    while (isToGoOn && !isClosed) {
      var open = session;
      if (open != null && open.nodes().awayNs() < RENEW_NS) {
        isToGoOn = rest(LOOK_MS);
      } else if (tryOnce(failed + 1, warned)) {
        failed = 0;
      } else {
        failed++;
        isToGoOn = rest(pauseMs(failed));
      }
    }
  }

  private boolean tryOnce(int attempt, Set<String> warned) {
    CqlSession opened = null;
    try {
      var nodes = new NodeWatch(settings.contactPoints(), System::nanoTime);
      opened = sessions.open(nodes);
      new KeyspaceTables(opened, settings.keyspace(), isReadOnly).require();
      keep(OpenSession.prepare(opened, nodes, settings.keyspace().name()));
      return true;
    } catch (RuntimeException refused) {
      if (opened != null) {
        close(opened);
      }
      onFailed(attempt, CassandraFailures.of(refused), warned);
      return false;
    }
  }

  private void keep(OpenSession opened) {
    OpenSession before;
    boolean isLate;
    synchronized (this) {
      isLate = isClosed;
      before = isLate ? opened : session;
      session = isLate ? null : opened;
    }
    if (before != null) {
      close(before.session());
    }
    if (isLate) {
      return;
    }
    log.info(
        "connected to Cassandra, at={} keyspace={}",
        settings.contactPoints(),
        settings.keyspace().name());
  }

  private void onFailed(int attempt, StorageException reason, Set<String> warned) {
    failure = reason;
    if (attempt % ATTEMPTS_PER_WARNING == 0) {
      warned.clear();
    }
    if (!isClosed && warned.add(reason.getMessage())) {
      log.warn(
          "cannot connect to Cassandra, going on trying, at={} attempts={} reason={}",
          settings.contactPoints(),
          attempt,
          reason.getMessage());
      log.debug("cannot connect to Cassandra", reason);
    }
  }

  private static long pauseMs(int failed) {
    long longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(failed, MAX_DOUBLINGS));
    return ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
  }

  /** Returns whether to go on. */
  private static boolean rest(long pauseMs) {
    try {
      Thread.sleep(pauseMs);
      return true;
    } catch (InterruptedException closed) {
      return false;
    }
  }

  /** Waits, within a bound, until the connections are closed. */
  void close() {
    OpenSession open;
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      open = session;
      session = null;
    }
    thread.interrupt();
    if (open != null) {
      close(open.session());
    }
  }

  private static void close(CqlSession open) {
    try {
      open.closeAsync().toCompletableFuture().get(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException notInOrder) {
      log.debug("connections to Cassandra not closed in order", notInOrder);
      var unused = open.forceCloseAsync();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      var unused = open.forceCloseAsync();
    }
  }
}
