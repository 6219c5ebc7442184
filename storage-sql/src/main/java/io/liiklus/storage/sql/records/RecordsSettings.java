package io.liiklus.storage.sql.records;

import io.liiklus.api.Settings;
import io.liiklus.storage.group.CoordinationSettings;
import io.liiklus.storage.group.GroupSettings;
import io.liiklus.storage.read.ReadSettings;
import io.liiklus.storage.sql.database.Retention;
import java.time.Duration;

/**
 * Settings of records below {@code sql}; {@code reference.conf} has the meaning of each. Immutable.
 */
public record RecordsSettings(
    Duration pollInterval, Retention retention, CoordinationSettings groups) {

  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  /** Room for records that wait for a client, for each partition of a group. */
  private static final long READ_AHEAD = 512 * KIB;

  private static final long TAIL_CACHE = MIB;
  private static final long TAIL_CACHES = 64 * MIB;
  private static final int CATCH_UP_READERS = 4;
  private static final int CPU_PERCENT_BY_PROCESSORS = 0;
  private static final Duration LOOKUP_RETRY = Duration.ofMillis(200);

  /** Reads and refuses. */
  public static RecordsSettings read(Settings settings) {
    return new RecordsSettings(
        settings.duration("pollInterval", Duration.ofMillis(5), Duration.ofSeconds(10)),
        Retention.read(settings),
        CoordinationSettings.read(settings));
  }

  /** The same for a command that reads alone: no record goes meanwhile. */
  public RecordsSettings withoutRetention() {
    return new RecordsSettings(pollInterval, new Retention(Duration.ZERO, 0), groups);
  }

  public ReadSettings reading() {
    return new ReadSettings(
        READ_AHEAD,
        1,
        TAIL_CACHE,
        TAIL_CACHES,
        CATCH_UP_READERS,
        TAIL_CACHES,
        CPU_PERCENT_BY_PROCESSORS);
  }

  /** No topic is noticed to be made anew; a record that cannot be read ends its reads. */
  public GroupSettings subscriptions() {
    return new GroupSettings(LOOKUP_RETRY, Duration.ofHours(1), false);
  }
}
