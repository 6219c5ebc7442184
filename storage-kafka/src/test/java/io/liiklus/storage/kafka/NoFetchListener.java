package io.liiklus.storage.kafka;

import io.liiklus.api.OffsetRange;
import java.util.concurrent.CompletionStage;

/** Fills no hand-off: a test does, or a cache. Immutable. */
class NoFetchListener implements PrefetchingReader.FetchListener {

  @Override
  public void onSeek() {}

  @Override
  public void onRoom() {}

  @Override
  public void onFellBehind(TailCache.Cursor cursor) {}

  @Override
  public CompletionStage<OffsetRange> range() {
    throw new UnsupportedOperationException();
  }
}
