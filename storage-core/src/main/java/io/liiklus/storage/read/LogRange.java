package io.liiklus.storage.read;

import io.liiklus.api.OffsetRange;

/**
 * Extent of a log, and how far readers see. Immutable.
 *
 * @param range up to the end of the log, whether committed or not
 * @param visibleEnd where a reader that begins at the end begins
 */
public record LogRange(OffsetRange range, FetchPosition visibleEnd) {

  /** Position of the offset in this log: its end, or a place of unknown epoch. */
  public FetchPosition position(long offset) {
    return isEnd(offset) ? visibleEnd : FetchPosition.named(offset);
  }

  /** Whether readers see nothing from the offset on. */
  public boolean isEnd(long offset) {
    return offset == visibleEnd.offset();
  }
}
