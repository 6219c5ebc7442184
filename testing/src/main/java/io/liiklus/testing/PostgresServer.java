package io.liiklus.testing;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.postgresql.Driver;

/**
 * A PostgreSQL that keeps its port and its data through {@link #stop}, {@link #kill} and {@link
 * #restart}. Thread-safe, but one thread at a time should take it down and up.
 *
 * <p>It is always a process, where Docker answers too: a standby begins with a copy of the files.
 * What it commits is durable before it is answered ({@code fsync} and {@code synchronous_commit}
 * are on). Its texts are sorted as in English, not by their bytes. It takes connections with
 * passwords alone.
 */
public final class PostgresServer implements AutoCloseable {

  /** Who may do everything. */
  public static final String USER = "postgres";

  /** Of {@link #USER}. */
  public static final String PASSWORD = "all-may";

  /** The database that is there from the start. */
  public static final String DATABASE = "postgres";

  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final Duration STOP_BOUND = Duration.ofSeconds(20);
  private static final String CONNECT_SECONDS = "5";
  private static final String ANSWER_SECONDS = "30";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "listen_addresses", "127.0.0.1",
          "unix_socket_directories", "",
          "shared_buffers", "32MB",
          // Off by default.
          "max_prepared_transactions", "10",
          // What a standby that starts has to catch up with.
          "wal_keep_size", "128MB");

  private final int port;
  private final Path folder;
  private volatile ServerProcess process;

  private PostgresServer(int port, Path folder) {
    this.port = port;
    this.folder = folder;
  }

  /** Starts a server and returns when it serves. */
  public static PostgresServer start() {
    return start(Map.of());
  }

  /**
   * Starts a server and returns when it serves.
   *
   * @param settings of the server, as {@code max_connections}
   */
  public static PostgresServer start(Map<String, String> settings) {
    var server = new PostgresServer(FreePorts.pickOne(), ServerFolder.create("postgres"));
    PostgresFiles.initialize(server.data());
    var all = new TreeMap<>(DEFAULTS);
    all.put("port", Integer.toString(server.port));
    all.putAll(settings);
    PostgresFiles.addSettings(server.data(), all);
    return server.started();
  }

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return port;
  }

  /** {@code jdbc:postgresql://host:port/postgres}. */
  public String url() {
    return url(DATABASE);
  }

  /** The URL of another database of this server. */
  public String url(String database) {
    return "jdbc:postgresql://" + host() + ":" + port + "/" + database;
  }

  /** A connection of {@link #USER} to the database, which the caller closes. */
  public Connection connect(String database) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", PASSWORD);
    properties.setProperty("connectTimeout", CONNECT_SECONDS);
    properties.setProperty("loginTimeout", CONNECT_SECONDS);
    properties.setProperty("socketTimeout", ANSWER_SECONDS);
    return new Driver().connect(url(database), properties);
  }

  /** Executes a statement as {@link #USER} in {@link #DATABASE}. */
  public void execute(String sql) {
    ask(DATABASE, sql);
  }

  /**
   * Executes a statement as {@link #USER}.
   *
   * @return the first column of its first row as text; empty where there is none
   */
  public String ask(String database, String sql) {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      return firstValue(statement, sql);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot execute " + sql + "\n" + logTail(), e);
    }
  }

  /** Creates an empty database, which {@link #USER} owns. */
  public void createDatabase(String database) {
    execute("create database " + quoted(database));
  }

  /** Creates a user who may connect, and owns what they make in {@link #DATABASE}. */
  public void createUser(String name, String password) {
    execute("create user " + quoted(name) + " password '" + password + "'");
    execute("grant create on schema public to " + quoted(name));
  }

  /** Creates a user who may read all tables and change none. */
  public void createReader(String name, String password) {
    execute("create user " + quoted(name) + " password '" + password + "'");
    execute("grant pg_read_all_data to " + quoted(name));
  }

  /** Ends it in order: connections are cut, all is written. */
  public void stop() {
    process.signal("INT");
    process.awaitExit(STOP_BOUND);
  }

  /** SIGKILL to all its processes. Returns when they are gone. */
  public void kill() {
    process.kill();
  }

  /** Starts the server again, stopping it first if it runs; returns when it serves. */
  public void restart() {
    if (process.isAlive()) {
      stop();
    }
    run();
  }

  /** Makes the server hang: connections stay and new ones are accepted, but nothing is answered. */
  public void pause() {
    process.signalAll("STOP");
  }

  /** Ends a {@link #pause}. */
  public void resume() {
    process.signalAll("CONT");
  }

  /**
   * Starts another server that follows this one, and returns when it serves reads.
   *
   * <p>What this server answers may not be on the other yet, unless its setting {@code
   * synchronous_standby_names} is {@code *}.
   */
  public PostgresServer startStandby() {
    var standby = new PostgresServer(FreePorts.pickOne(), ServerFolder.create("postgres-standby"));
    try (var connection = connect(DATABASE);
        var statement = connection.createStatement()) {
      var unused = firstValue(statement, "select pg_backup_start('standby', true)");
      PostgresFiles.copyToStandby(data(), standby.data());
      var label = firstValue(statement, "select labelfile from pg_backup_stop(false)");
      PostgresFiles.write(standby.data().resolve("backup_label"), label);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot copy a server\n" + logTail(), e);
    }
    PostgresFiles.write(standby.data().resolve("standby.signal"), "");
    var primary =
        String.join(" ", "host=" + host(), "port=" + port, "user=" + USER, "password=" + PASSWORD);
    PostgresFiles.addSettings(
        standby.data(),
        Map.of("port", Integer.toString(standby.port), "primary_conninfo", primary));
    return standby.started();
  }

  /** Ends the following of another server: returns when this one, a standby, takes writes. */
  public void promote() {
    var promoted = ask(DATABASE, "select pg_promote(true, " + START_BOUND.toSeconds() + ")");
    if (!promoted.equals("t")) {
      throw new IllegalStateException("not promoted\n" + logTail());
    }
  }

  /** The last lines of the server's log. */
  public String logTail() {
    return process == null ? "not started" : process.tail();
  }

  /** Ends the server with SIGKILL and deletes its data. Its log stays. */
  @Override
  public void close() {
    if (process != null) {
      process.kill();
    }
    ServerFolder.delete(data());
  }

  private Path data() {
    return folder.resolve("data");
  }

  private PostgresServer started() {
    try {
      PostgresPrograms.handOver(folder);
      run();
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void run() {
    var command = PostgresPrograms.command("postgres", List.of("-D", data().toString()));
    var started = ServerProcess.start(folder, "postgres.log", command);
    process = started;
    Poll.until(
        "PostgreSQL serves on " + host() + ":" + port,
        START_BOUND,
        () -> {
          if (!started.isAlive()) {
            throw new IllegalStateException("PostgreSQL ended while it started\n" + started.tail());
          }
          return serves();
        },
        this::logTail);
  }

  private boolean serves() {
    try (var connection = connect(DATABASE);
        var statement = connection.createStatement()) {
      return firstValue(statement, "select 1").equals("1");
    } catch (SQLException e) {
      return false;
    }
  }

  private static String firstValue(Statement statement, String sql) throws SQLException {
    if (!statement.execute(sql)) {
      return "";
    }
    try (var rows = statement.getResultSet()) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
