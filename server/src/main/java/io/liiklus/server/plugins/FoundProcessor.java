package io.liiklus.server.plugins;

import io.liiklus.api.RecordProcessor;
import java.util.function.Consumer;

/**
 * A processor, and where it was found. Immutable.
 *
 * @param origin "the class path", or the plugin's jar
 * @param loader the loader of its classes
 */
public record FoundProcessor(RecordProcessor processor, String origin, ClassLoader loader) {

  /** The name of its class, which the settings know it by. */
  public String name() {
    return processor.getClass().getName();
  }

  /** Empty where it has no settings. */
  public String settingsRoot() {
    return processor.settingsRoot();
  }

  /** Calls the processor with its own class loader as the thread's, as libraries look there. */
  public void call(Consumer<RecordProcessor> work) {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      work.accept(processor);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
