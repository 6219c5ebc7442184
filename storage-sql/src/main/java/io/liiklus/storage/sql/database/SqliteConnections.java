package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.Causes;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteException;

/**
 * One connection that writes to an embedded file, and a few that read. Thread-safe.
 *
 * <p>With a write-ahead log readers see the last commit and wait for nobody. {@code
 * synchronous=FULL} makes each commit durable before it returns.
 */
final class SqliteConnections implements Connections {

  private static final Logger log = LoggerFactory.getLogger(SqliteConnections.class);

  private static final String TMPDIR_PROPERTY = "org.sqlite.tmpdir";

  /**
   * A commit moves the write-ahead log into the file once that has so many pages, of 4 KiB. None of
   * these changes a file that has tables: it may turn out to be of a newer liiklus.
   */
  private static final List<String> PRAGMAS =
      List.of("journal_mode = wal", "synchronous = full", "wal_autocheckpoint = 4000");

  private final SqliteFile file;
  private final OpenedFiles opened;
  private final FreeSpace space;
  private final Duration patience;
  private final Connection writer;
  private final List<Connection> all = new ArrayList<>();
  private final BlockingQueue<Connection> readers;

  private SqliteConnections(SqliteFile file, DatabaseSettings settings) throws SQLException {
    this.file = file;
    this.patience = settings.timeouts().connect();
    this.readers = new ArrayBlockingQueue<>(settings.readers());
    this.space = new FreeSpace(file.path(), settings.freeSpaceWarning(), System::nanoTime);
    try {
      writer = connect(file.path());
      writer.setAutoCommit(false);
      SqliteSchema.prepare(writer, settings.tables(), file.path());
      for (int i = 0; i < settings.readers(); i++) {
        readers.add(connect(file.path()));
      }
      opened = new OpenedFiles(file.path(), file.names());
    } catch (SQLException | RuntimeException | Error failure) {
      all.forEach(SqliteConnections::close);
      throw failure;
    }
  }

  /**
   * Opens the file, and makes it and its tables where they are missing.
   *
   * @throws StorageException where it cannot be used; the text names the remedy
   */
  static SqliteConnections open(DatabaseSettings settings) {
    settings
        .nativeDir()
        .ifPresent(folder -> System.setProperty(TMPDIR_PROPERTY, folder.toString()));
    var file = SqliteFile.lock(settings.file().orElseThrow());
    try {
      var opened = new SqliteConnections(file, settings);
      log.info("database open, file={} size={} {}", file.path(), file.size(), settings.retention());
      return opened;
    } catch (SQLException | LinkageError | RuntimeException failure) {
      file.close();
      throw unusable(file.path(), failure);
    }
  }

  private static StorageException unusable(Path file, Throwable failure) {
    if (failure instanceof StorageException known) {
      return known;
    }
    var causes = Causes.of(failure);
    if (causes.stream().noneMatch(SQLiteException.class::isInstance)) {
      // The driver wraps what went wrong as it loaded its library.
      return libraryMissing(failure, causes.get(causes.size() - 1));
    }
    var mapped = SqlFailures.of(failure);
    return new StorageException(
        mapped.kind(),
        "sql.url: %s cannot be used: %s".formatted(file, mapped.getMessage()),
        failure);
  }

  private static StorageException libraryMissing(Throwable failure, Throwable reason) {
    return new StorageException(
        Kind.PRECONDITION,
        ("SQLite's library cannot be loaded on %s %s: %s; set sql.nativeDir to a folder that can"
                + " be written and from which programs may run, or sql.url to a PostgreSQL server")
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                reason.getMessage() == null ? "unknown reason" : reason.getMessage()),
        failure);
  }

  private Connection connect(Path path) throws SQLException {
    var config = new SQLiteConfig();
    // The driver begins the next transaction at each commit: it must lock nothing before its write.
    config.setTransactionMode(TransactionMode.DEFERRED);
    config.setGetGeneratedKeys(false);
    config.setBusyTimeout((int) patience.toMillis());
    var connection = config.createConnection("jdbc:sqlite:" + path);
    all.add(connection);
    try (var statement = connection.createStatement()) {
      if (isNew(statement)) {
        // Whether room that was freed can be given back is decided before the first write.
        statement.execute("pragma auto_vacuum = incremental");
      }
      for (var pragma : PRAGMAS) {
        statement.execute("pragma " + pragma);
      }
    }
    return connection;
  }

  private static boolean isNew(Statement statement) throws SQLException {
    try (var pages = statement.executeQuery("pragma page_count")) {
      return pages.next() && pages.getInt(1) == 0;
    }
  }

  /** Waits for the lock of the file here, so that what fails for it was surely not begun. */
  @Override
  public Connection writer() throws SQLException {
    opened.requireSame();
    try (var statement = writer.createStatement()) {
      endTransaction(statement);
      statement.executeUpdate("begin immediate");
    } catch (SQLException failure) {
      if (SqlFailures.isElsewhere(failure)) {
        opened.look();
      }
      throw failure;
    }
    return writer;
  }

  /** The driver begins one at each commit; a full disk has ended it. */
  private static void endTransaction(Statement statement) {
    try {
      statement.executeUpdate("rollback");
    } catch (SQLException none) {
      log.debug("there was no transaction, reason={}", none.getMessage());
    }
  }

  @Override
  public Connection reader() throws SQLException {
    try {
      var free = readers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (free == null) {
        throw new StorageException(
            Kind.UNAVAILABLE, "all connections to the database are in use (sql.readers)");
      }
      return free;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTimeoutException("interrupted", e);
    }
  }

  @Override
  public void giveBack(Connection connection, boolean isBroken) {
    if (connection != writer) {
      readers.add(connection);
    }
    if (isBroken) {
      opened.look();
    }
  }

  @Override
  public void look() {
    space.look();
    opened.look();
  }

  @Override
  public StorageException lost() {
    return opened.lost();
  }

  @Override
  public void check(Connection connection) throws SQLException {
    opened.requireSame();
    try (var statement = connection.createStatement();
        var found = statement.executeQuery("select 1")) {
      found.next();
    }
  }

  /** What reads yet fails then. */
  @Override
  public void close() {
    all.forEach(SqliteConnections::close);
    file.close();
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException failure) {
      log.debug("closing a connection failed, reason={}", failure.getMessage());
    }
  }
}
