package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of an embedded database as they were opened, and whether their names still lead to them.
 * Thread-safe.
 *
 * <p>SQLite writes on to files that were moved or removed, so a gateway that starts later does not
 * find what was answered OK. Once that is seen nothing is written until the gateway is restarted.
 */
final class OpenedFiles {

  private static final Logger log = LoggerFactory.getLogger(OpenedFiles.class);

  private static final String LOST =
      "the embedded file was moved, removed or replaced: nothing is stored until the gateway is"
          + " restarted (see its log)";

  private final Path file;

  /** By name what the file system knows a file by, without those that have no such key. */
  private final Map<Path, Object> keys = new TreeMap<>();

  private volatile StorageException lost;

  /**
   * @param file the database
   * @param names of all its files, which are open
   */
  OpenedFiles(Path file, List<Path> names) {
    this.file = file;
    for (var name : names) {
      try {
        var key = key(name);
        if (key != null) {
          keys.put(name, key);
        }
      } catch (IOException unknown) {
        log.debug("a file is not watched, file={} reason={}", name, unknown.getMessage());
      }
    }
  }

  /** Null where there is no such file, or the platform has no keys. */
  private static Object key(Path name) throws IOException {
    try {
      return Files.readAttributes(name, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException gone) {
      return null;
    }
  }

  /** Asks the file system, which may block. */
  synchronized void look() {
    if (lost != null) {
      return;
    }
    var changed = new ArrayList<Path>();
    keys.forEach(
        (name, key) -> {
          if (isOther(name, key)) {
            changed.add(name.getFileName());
          }
        });
    if (!changed.isEmpty()) {
      lost = StorageException.notStored(Kind.UNAVAILABLE, LOST);
      log.error(
          "the embedded file was moved, removed or replaced, and nothing more is stored: save it"
              + " with its -wal before the process ends (on Linux from /proc/PID/fd), then restart,"
              + " file={} changed={} pid={}",
          file,
          changed,
          ProcessHandle.current().pid());
    }
  }

  private static boolean isOther(Path name, Object key) {
    try {
      return !key.equals(key(name));
    } catch (IOException unknown) {
      log.debug("a file cannot be looked at, file={} reason={}", name, unknown.getMessage());
      return false;
    }
  }

  /** Why nothing is written any more; null while the files are those that were opened. */
  StorageException lost() {
    return lost;
  }

  /**
   * @throws StorageException once the files are others
   */
  void requireSame() {
    var failure = lost;
    if (failure != null) {
      throw failure;
    }
  }
}
