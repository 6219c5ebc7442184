package io.liiklus.api;

import java.util.function.LongSupplier;

/**
 * A number that a storage tells of itself, for whoever watches the process. Immutable.
 *
 * @param name of small letters, digits and _, beginning with the storage's own; one that only grows
 *     ends in {@code _total}
 * @param help what it counts, a sentence
 * @param value asked for now and then, from any thread; does not block
 */
public record Metric(String name, String help, LongSupplier value) {

  /** Whether it only grows. */
  public boolean isCounter() {
    return name.endsWith("_total");
  }
}
