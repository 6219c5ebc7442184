package io.liiklus.server.plugins;

import io.liiklus.api.StorageFactory;
import java.util.function.Function;

/**
 * Factory of a storage, and the place where it was found. Immutable.
 *
 * @param type its name in the settings, in capitals
 * @param settingsRoot where its settings stand
 * @param origin "the class path", or the plugin's jar
 * @param loader the loader of its classes
 */
public record FoundFactory<S extends AutoCloseable>(
    String type,
    String settingsRoot,
    StorageFactory<S> factory,
    String origin,
    ClassLoader loader) {

  /**
   * Calls the factory with its own class loader as the thread's: libraries look for their parts
   * there, and the threads they start inherit it.
   */
  public <T> T call(Function<StorageFactory<S>, T> work) {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return work.apply(factory);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
