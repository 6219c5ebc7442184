package io.liiklus.server.plugins;

import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Place where providers are found: the class path, or the jar of a plugin. Immutable.
 *
 * @param name for people
 * @param loader the loader of its classes
 * @param onlyOwn whether only classes that this loader itself defines count
 */
public record Origin(String name, ClassLoader loader, boolean onlyOwn) {

  /** Passes on each provider of a port. */
  <P> void find(Class<P> port, Consumer<ServiceLoader.Provider<P>> found) {
    call(
        () -> {
          ServiceLoader.load(port, loader).stream()
              .filter(provider -> !onlyOwn || provider.type().getClassLoader() == loader)
              .forEach(found);
          return null;
        });
  }

  /**
   * Calls with this loader as the thread's: libraries look for their parts there, and the threads
   * that they start inherit it.
   */
  <T> T call(Supplier<T> work) {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
