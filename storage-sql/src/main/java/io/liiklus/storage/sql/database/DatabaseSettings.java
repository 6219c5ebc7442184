package io.liiklus.storage.sql.database;

import io.liiklus.api.Settings;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postgresql.Driver;

/**
 * Settings of the database below {@code sql}; {@code reference.conf} has the meaning of each.
 * Immutable.
 *
 * @param url as it is set; empty: the embedded file
 * @param file of SQLite; empty where the database is a PostgreSQL server
 * @param nativeDir folder for SQLite's native library; empty: the JVM's temporary folder
 * @param freeSpaceWarning bytes of room below which the disk of a file is low; 0: never
 * @param retention for the log: whoever has the records reads it too
 */
public record DatabaseSettings(
    String url,
    Optional<Path> file,
    Login login,
    Tables tables,
    int writers,
    int readers,
    Timeouts timeouts,
    Limits limits,
    Topics topics,
    Optional<Path> nativeDir,
    long freeSpaceWarning,
    Retention retention) {

  /** Folder of the embedded file. */
  public static final String DATA_PROPERTY = "liiklus.data";

  /** Folder of the release: without the one above, the file is in its data/. Both are optional. */
  public static final String HOME_PROPERTY = "liiklus.home";

  private static final String EMBEDDED_FILE = "liiklus.db";

  private static final String SQLITE = "jdbc:sqlite:";
  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final String URL_FORMS =
      "must be empty (the embedded file), "
          + SQLITE
          + "FILE, or "
          + POSTGRESQL
          + "//HOST:PORT/DATABASE";

  private static final Pattern PREFIX = Pattern.compile("[a-z_][a-z0-9_]{0,29}");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final long LARGEST_WARNING = 1L << 50;
  private static final Duration LEAST_TIMEOUT = Duration.ofMillis(250);
  private static final long KIB = 1024;
  private static final long GIB = 1024 * 1024 * KIB;

  /** User and password; both may be empty. */
  public record Login(String user, String password) {

    /** Without the password. */
    @Override
    public String toString() {
      return user;
    }
  }

  /**
   * Bounds of what waits for the server.
   *
   * @param connect for a connection
   * @param statement for the answer to a statement
   */
  public record Timeouts(Duration connect, Duration statement) {}

  /**
   * Topics that a publish creates.
   *
   * @param partitions of each
   */
  public record Topics(boolean areCreated, int partitions) {}

  /**
   * Bounds of records that are published.
   *
   * @param maxPendingBytes of those that are not stored yet
   * @param maxRecordBytes of the largest
   */
  public record Limits(long maxPendingBytes, long maxRecordBytes) {}

  /** Reads and refuses; opens nothing. */
  public static DatabaseSettings read(Settings settings) {
    var url = settings.text("url").strip();
    return new DatabaseSettings(
        url,
        file(settings, url),
        new Login(settings.text("user"), settings.text("password")),
        new Tables(prefix(settings), settings.flag("createTables"), false),
        settings.integer("writers", 1, 64),
        settings.integer("readers", 1, 64),
        new Timeouts(
            settings.duration("connectTimeout", LEAST_TIMEOUT, MINUTE),
            settings.duration("statementTimeout", LEAST_TIMEOUT, MINUTE)),
        limits(settings),
        new Topics(settings.flag("createTopics"), settings.integer("partitions", 1, 10_000)),
        settings.path("nativeDir"),
        settings.bytes("freeSpaceWarning", 0, LARGEST_WARNING),
        Retention.read(settings));
  }

  private static Limits limits(Settings settings) {
    var limits =
        new Limits(
            settings.bytes("maxPendingBytes", 64 * KIB, 16 * GIB),
            settings.bytes("maxRecordBytes", KIB, GIB));
    if (limits.maxRecordBytes > limits.maxPendingBytes) {
      settings.refuse(
          "maxRecordBytes",
          "is %d; at most maxPendingBytes, which is %d"
              .formatted(limits.maxRecordBytes, limits.maxPendingBytes));
    }
    return limits;
  }

  /** The same for a command that reads alone: nothing is created. */
  public DatabaseSettings readOnly() {
    return new DatabaseSettings(
        url,
        file,
        login,
        tables.readOnly(),
        writers,
        readers,
        timeouts,
        limits,
        topics,
        nativeDir,
        freeSpaceWarning,
        retention);
  }

  /**
   * Fails where the embedded file is not there.
   *
   * @throws StorageException that names the file, and the setting that names another one
   */
  public void requireFile() {
    if (isFileMissing()) {
      var path = file.orElseThrow().toAbsolutePath().normalize();
      throw new StorageException(
          Kind.UNKNOWN_TOPIC,
          url.isEmpty()
              ? ("there is no file %s; name the one of the gateway by sql.url (jdbc:sqlite:FILE), or"
                      + " its folder by the variable LIIKLUS_DATA")
                  .formatted(path)
              : "sql.url: there is no file " + path);
    }
  }

  private boolean isFileMissing() {
    return file.isPresent() && !Files.exists(file.get());
  }

  /** The same text for settings of one and the same database and tables; without secrets. */
  public String place() {
    return file.map(path -> path.toAbsolutePath().normalize().toString())
            .orElse(url.replaceAll("(?i)([?&](?:user|\\w*password)=)[^&]*", "$1"))
        + ", tables "
        + tables.prefix()
        + "*";
  }

  private static Optional<Path> file(Settings settings, String url) {
    if (url.isEmpty()) {
      return Optional.of(embedded());
    }
    if (url.startsWith(POSTGRESQL)) {
      requireServer(settings, url);
      return Optional.empty();
    }
    var path = url.startsWith(SQLITE) ? url.substring(SQLITE.length()) : "";
    if (path.isEmpty() || path.startsWith(":") || path.startsWith("file:") || path.contains("?")) {
      settings.refuse("url", URL_FORMS);
      return Optional.of(embedded());
    }
    return Optional.of(Path.of(path));
  }

  private static void requireServer(Settings settings, String url) {
    if (url.replaceFirst("[?].*", "").contains("@")) {
      settings.refuse("url", "has a user; it goes into sql.user, its password into sql.password");
    } else if (!url.startsWith(POSTGRESQL + "//") || Driver.parseURL(url, null) == null) {
      settings.refuse("url", URL_FORMS);
    }
  }

  private static Path embedded() {
    var data = System.getProperty(DATA_PROPERTY, "");
    var folder =
        data.isEmpty() ? Path.of(System.getProperty(HOME_PROPERTY, ""), "data") : Path.of(data);
    return folder.resolve(EMBEDDED_FILE);
  }

  private static String prefix(Settings settings) {
    var prefix = settings.text("tablePrefix");
    if (!PREFIX.matcher(prefix).matches()) {
      settings.refuse(
          "tablePrefix", "must be 1 to 30 small letters, digits or _, without a digit in front");
    }
    return prefix;
  }

  /** Whether the database is a file of this process alone. */
  public boolean isEmbedded() {
    return file.isPresent();
  }
}
