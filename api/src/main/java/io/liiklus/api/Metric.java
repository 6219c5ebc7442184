package io.liiklus.api;

import java.util.function.LongSupplier;

/**
 * Number that a storage reports about itself, for operators. Immutable.
 *
 * @param name of small letters, digits and _, beginning with the storage's name; a counter ends in
 *     {@code _total}
 * @param help a sentence that says what the number counts
 * @param value called at every scrape, on any thread; does not block
 */
public record Metric(String name, String help, LongSupplier value) {

  /** Whether it only grows. */
  public boolean isCounter() {
    return name.endsWith("_total");
  }
}
