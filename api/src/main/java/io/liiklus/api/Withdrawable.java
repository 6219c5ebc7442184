package io.liiklus.api;

/**
 * A publish that can be taken back as long as its record is surely not stored. Thread-safe.
 *
 * <p>For whoever waits no longer: to know that a record was not stored is worth more than not to
 * know, since it can then be published again without a second copy.
 */
public interface Withdrawable {

  /**
   * True where the record is not stored, and never will be by this call: the stage then need not
   * complete. False where it is stored, or may be.
   */
  boolean withdraw();
}
