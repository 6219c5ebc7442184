package io.liiklus.api;

/**
 * A publish that can be taken back as long as its record is surely not stored. Thread-safe.
 *
 * <p>For a caller that stops waiting: a record that was surely not stored can be published again
 * without a second copy.
 */
public interface Withdrawable {

  /**
   * True where the record is not stored, and never will be by this call: the stage then need not
   * complete. False where it is stored, or may be.
   */
  boolean withdraw();
}
