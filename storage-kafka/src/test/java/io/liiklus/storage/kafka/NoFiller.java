package io.liiklus.storage.kafka;

import io.liiklus.api.OffsetRange;
import java.util.concurrent.CompletionStage;

/** Fills no hand-off: a test does, or a ring. Immutable. */
class NoFiller implements HandOff.Filler {

  @Override
  public void onSeek() {}

  @Override
  public void onRoom() {}

  @Override
  public void onFellBehind(Ring.Place place) {}

  @Override
  public CompletionStage<OffsetRange> range() {
    throw new UnsupportedOperationException();
  }
}
