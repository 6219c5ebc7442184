package io.liiklus.storage.memory;

import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;

/** Factory of a records storage over {@link MemoryLogs}. Immutable. */
public final class MemoryRecordsStorageFactory implements RecordsStorageFactory {

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
    MemorySettings.read(settings);
  }

  @Override
  public RecordsStorage open(Settings settings, StorageContext context) {
    var read = MemorySettings.read(settings);
    return read.start(new MemoryLogs(read));
  }
}
