package io.liiklus.storage.sql.database;

import io.liiklus.api.FileFailures;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * File of an embedded database, locked for this process by a file beside it. Thread-safe.
 *
 * <p>The lock is the operating system's, so it ends with the process however that ends. The file of
 * the lock stays, and names the process.
 */
final class SqliteFile implements AutoCloseable {

  /** Beside the database. */
  static final String LOCK_SUFFIX = ".lock";

  /** Of the write-ahead log, which is beside it while a connection is open. */
  private static final String WAL_SUFFIX = "-wal";

  private static final byte[] HEADER = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_OWNER = 200;

  /** What Java calls a user who is in no list of users. */
  private static final String NO_NAME = "?";

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private SqliteFile(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Makes its folder where that is missing, and locks it.
   *
   * @throws StorageException where it cannot be used; the text names the remedy
   */
  static SqliteFile lock(Path path) {
    var absolute = path.toAbsolutePath().normalize();
    createFolder(absolute);
    var beside = beside(absolute, LOCK_SUFFIX);
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              beside, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      var lock = tryLock(channel);
      if (lock == null) {
        throw new StorageException(
            Kind.PRECONDITION,
            "sql.url: %s is in use by another %s; stop it, or name another file (jdbc:sqlite:FILE)"
                .formatted(absolute, owner(channel)));
      }
      writeOwner(channel);
      requireDatabase(absolute);
      var locked = new SqliteFile(absolute, channel, lock);
      channel = null;
      return locked;
    } catch (IOException failure) {
      throw unusable(absolute, failure);
    } finally {
      close(channel);
    }
  }

  private static void createFolder(Path file) {
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException failure) {
      throw unusable(file, failure);
    }
    if (Files.isDirectory(file)) {
      throw new StorageException(
          Kind.PRECONDITION, "sql.url: %s is a folder; name a file in it".formatted(file));
    }
    var isWritable =
        Files.isWritable(file.getParent()) && (!Files.exists(file) || Files.isWritable(file));
    if (!isWritable) {
      var reason =
          isReadOnly(file.getParent())
              ? "is on a file system that is mounted read-only; mount it writable"
              : "cannot be written by user %s; give it the right to write there".formatted(user());
      throw new StorageException(
          Kind.REFUSED,
          "sql.url: %s %s, or name a file elsewhere (jdbc:sqlite:FILE)".formatted(file, reason));
    }
  }

  private static boolean isReadOnly(Path folder) {
    try {
      return Files.getFileStore(folder).isReadOnly();
    } catch (IOException unknown) {
      return false;
    }
  }

  /** Its number where it has no name, as in an image. */
  private static String user() {
    var name = System.getProperty("user.name", NO_NAME);
    if (!name.equals(NO_NAME)) {
      return name;
    }
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
      return name;
    }
  }

  private static StorageException unusable(Path file, IOException failure) {
    return new StorageException(
        Kind.PRECONDITION,
        ("sql.url: %s cannot be used: %s; name a file in a folder that can be written"
                + " (jdbc:sqlite:FILE)")
            .formatted(file, FileFailures.text(failure)),
        failure);
  }

  /** Null where another has it. */
  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ofThisProcess) {
      return null;
    }
  }

  private static String owner(FileChannel channel) throws IOException {
    var bytes = ByteBuffer.allocate(LONGEST_OWNER);
    channel.read(bytes, 0);
    return StandardCharsets.UTF_8.decode(bytes.flip()).toString().strip();
  }

  private static void writeOwner(FileChannel channel) throws IOException {
    var text = "process " + ProcessHandle.current().pid() + "\n";
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
  }

  /** An empty file is one that is about to become a database. */
  private static void requireDatabase(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return;
    }
    try (var input = Files.newInputStream(file)) {
      if (!Arrays.equals(input.readNBytes(HEADER.length), HEADER)) {
        throw new StorageException(
            Kind.DATA_LOSS,
            ("sql.url: %s is no SQLite database, or is damaged; nothing was changed: name another"
                    + " file (jdbc:sqlite:FILE), or restore it from a backup")
                .formatted(file));
      }
    }
  }

  Path path() {
    return path;
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** Bytes of the file and of its write-ahead log. */
  long size() {
    return path.toFile().length() + beside(path, WAL_SUFFIX).toFile().length();
  }

  /** All that a gateway has open of it. */
  List<Path> names() {
    return List.of(path, beside(path, WAL_SUFFIX), beside(path, LOCK_SUFFIX));
  }

  @Override
  public void close() {
    try {
      lock.release();
    } catch (IOException ignored) {
      // Closing the channel releases it as well.
    }
    close(channel);
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException ignored) {
      // There is nothing to write any more.
    }
  }
}
