package io.liiklus.server.plugins;

import io.liiklus.api.RecordProcessor;
import java.util.function.Consumer;

/** Processor, and the place where it was found. Immutable. */
public record FoundProcessor(RecordProcessor processor, Origin origin) {

  /** The name of its class, which the settings know it by. */
  public String name() {
    return processor.getClass().getName();
  }

  /** Empty where it has no settings. */
  public String settingsRoot() {
    return processor.settingsRoot();
  }

  /** Calls the processor with its own class loader as the thread's. */
  public void call(Consumer<RecordProcessor> work) {
    origin.call(
        () -> {
          work.accept(processor);
          return null;
        });
  }
}
