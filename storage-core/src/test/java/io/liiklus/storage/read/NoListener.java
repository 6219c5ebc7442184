package io.liiklus.storage.read;

/** Listener of a prefetching reader that does nothing: a test fills it. Immutable. */
class NoListener implements PrefetchingReader.Listener {

  @Override
  public void onSeek() {}

  @Override
  public void onRoom() {}

  @Override
  public void onFellBehind(Cursor lost) {}

  /** A reader of partition 0 from its start on, that nobody asks for its range. */
  PrefetchingReader reader() {
    return new PrefetchingReader(
        0,
        0,
        new PrefetchQueue(1_000, 1_000),
        this,
        () -> {
          throw new UnsupportedOperationException();
        });
  }
}
