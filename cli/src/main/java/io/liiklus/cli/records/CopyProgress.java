package io.liiklus.cli.records;

import io.liiklus.api.FileFailures;
import io.liiklus.cli.CliException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How far a copy has come, in a file that outlives the process. Locked, by a file beside it, so
 * that one copy runs at a time. Confined to the command.
 *
 * <p>It is written after the target has answered, so it may lag behind and is never ahead: a copy
 * that was killed sends some records again, and leaves none out.
 */
final class CopyProgress implements AutoCloseable {

  private static final long SAVE_NS = TimeUnit.SECONDS.toNanos(1);
  private static final String LOCK_SUFFIX = ".lock";

  private final Path path;
  private final CopyFile file;
  private final FileChannel lock;
  private final Map<String, TopicProgress> topics = new TreeMap<>();
  private long savedNs = System.nanoTime();
  private boolean isChanged;

  private CopyProgress(Path path, CopyFile file, FileChannel lock) {
    this.path = path;
    this.file = file;
    this.lock = lock;
  }

  /**
   * Reads the file where there is one.
   *
   * @param isReadOnly whether nothing is written, the lock neither
   * @param file the form of the file, which has the names of both storages
   * @throws CliException where it cannot be used
   */
  static CopyProgress open(Path path, CopyFile file, boolean isReadOnly) {
    var progress = new CopyProgress(path, file, isReadOnly ? null : lock(path));
    try {
      if (Files.exists(path)) {
        file.read(Files.readString(path), path)
            .forEach(topic -> progress.topics.put(topic.topic(), topic));
      }
      return progress;
    } catch (IOException failure) {
      progress.close();
      throw new CliException(
          "--progress: %s cannot be read: %s".formatted(path, FileFailures.text(failure)));
    } catch (RuntimeException refused) {
      progress.close();
      throw refused;
    }
  }

  private static FileChannel lock(Path path) {
    var beside = path.resolveSibling(path.getFileName() + LOCK_SUFFIX);
    FileChannel channel = null;
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      channel = FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel)) {
        return channel;
      }
      channel.close();
    } catch (IOException failure) {
      close(channel);
      throw new CliException(
          "--progress: %s cannot be written: %s; name another file"
              .formatted(path, FileFailures.text(failure)));
    }
    throw new CliException("--progress: %s is in use by another copy".formatted(path));
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException ofThisProcess) {
      return false;
    }
  }

  Path path() {
    return path;
  }

  /** Null where nothing is known of it. */
  TopicProgress find(String topic) {
    return topics.get(topic);
  }

  void put(TopicProgress topic) {
    topics.put(topic.topic(), topic);
    isChanged = true;
  }

  void onChanged() {
    isChanged = true;
  }

  void saveIfDue() {
    if (isChanged && System.nanoTime() - savedNs >= SAVE_NS) {
      save();
    }
  }

  /** Writes another file and renames it, so that a whole one is there at any time. */
  void save() {
    var part = path.resolveSibling(path.getFileName() + ".part");
    try {
      Files.writeString(part, file.text(topics.values()));
      try (var written = FileChannel.open(part, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new CliException(
          "--progress: %s cannot be written: %s".formatted(path, FileFailures.text(failure)));
    }
    savedNs = System.nanoTime();
    isChanged = false;
  }

  @Override
  public void close() {
    close(lock);
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException ignored) {
      // The lock ends with the process.
    }
  }
}
