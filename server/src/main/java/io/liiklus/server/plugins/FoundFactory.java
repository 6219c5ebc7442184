package io.liiklus.server.plugins;

import io.liiklus.api.StorageFactory;
import java.util.function.Function;

/**
 * Factory of a storage, and the place where it was found. Immutable.
 *
 * @param type its name in the settings, in capitals
 * @param settingsRoot where its settings stand
 */
public record FoundFactory<S extends AutoCloseable>(
    String type, String settingsRoot, StorageFactory<S> factory, Origin origin) {

  /** Calls the factory with its own class loader as the thread's. */
  public <T> T call(Function<StorageFactory<S>, T> work) {
    return origin.call(() -> work.apply(factory));
  }
}
