package io.liiklus.server.settings;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageFactory;
import io.liiklus.api.Settings;
import java.util.List;

/**
 * Settings that were found to be right. Immutable.
 *
 * @param source which file was read, or that there was none
 * @param warnings a line each
 * @param changed what differs from the defaults, a line each, secrets masked
 */
public record LoadedSettings(
    ServerSettings server,
    Storage<RecordsStorageFactory> records,
    Storage<PositionsStorageFactory> positions,
    String source,
    List<String> warnings,
    List<String> changed) {

  /** A storage that was chosen, and what is set below its root. */
  public record Storage<F>(F factory, Settings settings) {}

  public RecordsStorage openRecords() {
    return records.factory().open(records.settings());
  }

  public PositionsStorage openPositions() {
    return positions.factory().open(positions.settings());
  }

  /** Whether what is published is gone at exit. */
  public boolean isInMemory() {
    return records.factory().type().equals(SettingsLoader.MEMORY);
  }
}
