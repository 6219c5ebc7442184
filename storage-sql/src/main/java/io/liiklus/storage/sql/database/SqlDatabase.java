package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.sql.database.DatabaseSettings.Login;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database, which records, positions and coordination of this process share; closed when the
 * last of them is. Thread-safe.
 *
 * <pre>
 *   write   any thread -> Writer, one for all (SQLite), or several for records and one for the rest
 *   ask     any thread -> threads that read
 *   askNow  a thread that may block
 * </pre>
 */
public final class SqlDatabase {

  private static final Logger log = LoggerFactory.getLogger(SqlDatabase.class);

  /** How often it is looked at what waits. */
  private static final long TICK_MS = 25;

  /** How often an embedded file, and the room on its disk, is looked at. */
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(10);

  /**
   * When a check ends by why there is no connection, where that is known: before the wait for one
   * is over, and the wait of who checks.
   */
  private static final long CHECK_MS = 1_500;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** Part of the bytes that may wait, for records of logs that others have locked. */
  private static final int LOCKED_SHARE = 4;

  /** Each is open once, however many storages of the process use it. */
  private static final Map<Key, SqlDatabase> OPEN = new HashMap<>();

  private record Key(String place, String user, String prefix) {}

  private final Key key;
  private final DatabaseSettings settings;
  private final Connections connections;
  private final WriteFaults faults = new WriteFaults(System::nanoTime);
  private final ReadCalls reads;
  private final List<Writer> writers = new ArrayList<>();
  private final LockedLogWriter lockedWriter;
  private final LogEnds ends = new LogEnds();
  private final ScheduledThreadPoolExecutor timer;

  /** Under the lock of the open ones. */
  private int users;

  private SqlDatabase(Key key, DatabaseSettings settings, Connections connections) {
    this.key = key;
    this.settings = settings;
    this.connections = connections;
    var timeouts = settings.timeouts();
    this.reads =
        new ReadCalls(
            connections, settings.readers(), timeouts.connect().plus(timeouts.statement()));
    this.timer = new ScheduledThreadPoolExecutor(1, SqlDatabase::timerThread);
    // A file has one writer: what is written together is durable by one sync.
    int count = settings.isEmbedded() ? 1 : settings.writers() + 1;
    var locks = new LogLocks(settings.tables());
    var locked = new LockedLogs(settings.limits().maxPendingBytes() / LOCKED_SHARE);
    this.lockedWriter =
        new LockedLogWriter(connections, faults, locks, locked, timeouts.statement());
    if (!settings.isEmbedded()) {
      lockedWriter.start();
    }
    for (int i = 0; i < count; i++) {
      var writer = new Writer(connections, faults, locks, locked);
      writers.add(writer);
      writer.start("liiklus-sql-write-" + i);
    }
    var unused = every(Duration.ofMillis(TICK_MS), this::expire);
    if (settings.isEmbedded()) {
      connections.look();
      watchFile();
    }
  }

  private void watchFile() {
    // On a thread that may block: the timer ends waits while a disk hangs.
    SqlQuery<Void> look =
        connection -> {
          connections.look();
          return null;
        };
    var unused = every(LOOK_INTERVAL, () -> ask(look));
  }

  /**
   * The database of these settings, open already or not. To be {@linkplain #release released}.
   *
   * @throws StorageException where the embedded file cannot be used; the text names the remedy
   */
  public static SqlDatabase acquire(DatabaseSettings settings) {
    var place = settings.file().map(file -> file.toAbsolutePath().normalize().toString());
    Login login = settings.login();
    var key = new Key(place.orElse(settings.url()), login.user(), settings.tables().prefix());
    synchronized (OPEN) {
      var found = OPEN.get(key);
      if (found == null) {
        found = open(key, settings);
        OPEN.put(key, found);
      }
      found.users++;
      return found;
    }
  }

  private static SqlDatabase open(Key key, DatabaseSettings settings) {
    var connections =
        settings.isEmbedded() ? SqliteConnections.open(settings) : new PgConnections(settings);
    try {
      return new SqlDatabase(key, settings, connections);
    } catch (RuntimeException | Error failure) {
      // No thread could be started: the file is not to stay locked.
      connections.close();
      throw failure;
    }
  }

  /** Closes it where nobody else uses it. */
  public void release() {
    synchronized (OPEN) {
      users--;
      if (users > 0) {
        return;
      }
      // Under the lock: who opens it again finds the file unlocked.
      close();
      OPEN.remove(key);
    }
  }

  private void close() {
    long deadlineNs = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
    // Before those that it gives changes back to.
    lockedWriter.close(deadlineNs);
    writers.forEach(writer -> writer.close(deadlineNs));
    timer.shutdownNow();
    reads.close();
    connections.close();
  }

  public Tables tables() {
    return settings.tables();
  }

  public DatabaseSettings settings() {
    return settings;
  }

  public boolean isEmbedded() {
    return settings.isEmbedded();
  }

  /** Why nothing is written until the gateway is restarted; null while that is not so. */
  public StorageException lost() {
    return connections.lost();
  }

  public LogEnds ends() {
    return ends;
  }

  /** Writes records of a log, in the order of the calls. */
  public void writeRecord(long logId, Change<?> change) {
    int lanes = Math.max(1, writers.size() - 1);
    writers.get((int) (logId % lanes)).add(change);
  }

  /** Writes anything else, in the order of the calls. */
  public void write(Change<?> change) {
    writers.get(writers.size() - 1).add(change);
  }

  /** Query that is answered on one of the threads that read. */
  public <T> CompletionStage<T> ask(SqlQuery<T> query) {
    return reads.ask(query);
  }

  /**
   * Query on the caller's thread, which blocks.
   *
   * @throws StorageException where it fails
   */
  public <T> T askNow(SqlQuery<T> query) {
    return reads.askNow(query);
  }

  /** Completes when the database answered just now, and takes what is written. */
  public CompletionStage<Void> check() {
    SqlQuery<Void> query =
        connection -> {
          connections.check(connection);
          faults.check();
          return null;
        };
    var answer = ask(query).toCompletableFuture();
    CompletableFuture.delayedExecutor(CHECK_MS, TimeUnit.MILLISECONDS)
        .execute(() -> failByReason(answer));
    return answer;
  }

  private void failByReason(CompletableFuture<Void> check) {
    var reason = connections.lastFailure();
    if (reason != null) {
      check.completeExceptionally(reason);
    }
  }

  /**
   * Runs a short task that does not block, now and then, on one thread.
   *
   * @return ends it
   */
  public Runnable every(Duration period, Runnable task) {
    var scheduled =
        timer.scheduleWithFixedDelay(
            () -> runSafely(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    return () -> scheduled.cancel(false);
  }

  /** The executor would not run it again. */
  private static void runSafely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException fault) {
      log.error("a periodic task of the database failed, it runs again", fault);
    }
  }

  private void expire() {
    long nowNs = System.nanoTime();
    writers.forEach(writer -> writer.expire(nowNs));
    lockedWriter.expire(nowNs);
  }

  private static Thread timerThread(Runnable task) {
    var thread = new Thread(task, "liiklus-sql-timer");
    thread.setDaemon(true);
    return thread;
  }

  static StorageException closed() {
    return new StorageException(Kind.CLOSED, "the database is closed");
  }
}
