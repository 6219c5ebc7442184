package io.liiklus.storage.sql;

import io.liiklus.api.MapSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Settings as in {@code reference.conf}, for a database of a test's own. Immutable. */
public final class TestSettings {

  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("url", ""),
          Map.entry("user", ""),
          Map.entry("password", ""),
          Map.entry("tablePrefix", "liiklus_"),
          Map.entry("createTables", "true"),
          Map.entry("createTopics", "true"),
          Map.entry("partitions", "32"),
          Map.entry("writers", "2"),
          Map.entry("readers", "2"),
          Map.entry("maxPendingBytes", "32 MiB"),
          Map.entry("maxRecordBytes", "1 MiB"),
          Map.entry("pollInterval", "50 ms"),
          Map.entry("retention.time", "0 s"),
          Map.entry("retention.bytes", "0"),
          Map.entry("groups.interval", "1 s"),
          Map.entry("groups.sessionTimeout", "10 s"),
          Map.entry("groups.revokeTimeout", "2 s"),
          Map.entry("connectTimeout", "2 s"),
          Map.entry("statementTimeout", "5 s"),
          Map.entry("nativeDir", ""),
          Map.entry("freeSpaceWarning", "0"));

  private TestSettings() {}

  public static MapSettings of(String url) {
    return new MapSettings(DEFAULTS).with("url", url);
  }

  /** Of a file that is not there yet, in a folder of its own below {@code target}. */
  public static MapSettings ofNewFile() {
    return of("jdbc:sqlite:" + newFolder().resolve("test.db"));
  }

  public static Path newFolder() {
    try {
      return Files.createTempDirectory("sql");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
