package io.liiklus.storage.memory;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;

/** Factory of {@link MemoryPositionsStorage}. Immutable. */
public final class MemoryPositionsStorageFactory implements PositionsStorageFactory {

  private static final int MOST_POSITIONS = 100_000_000;

  @Override
  public String type() {
    return "MEMORY";
  }

  @Override
  public String settingsRoot() {
    return "memory";
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public void check(Settings settings) {
    maxPositions(settings);
  }

  @Override
  public PositionsStorage open(Settings settings, StorageContext context) {
    return new MemoryPositionsStorage(maxPositions(settings));
  }

  private static int maxPositions(Settings settings) {
    return settings.integer("maxPositions", 1, MOST_POSITIONS);
  }
}
