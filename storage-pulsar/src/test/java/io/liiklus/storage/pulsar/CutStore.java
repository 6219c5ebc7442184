package io.liiklus.storage.pulsar;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store, until it is out of reach. Thread-safe. */
final class CutStore implements CoordinationStore {

  private final CoordinationStore store;
  private volatile boolean isCut;

  CutStore(CoordinationStore store) {
    this.store = store;
  }

  void cut() {
    isCut = true;
  }

  @Override
  public CompletionStage<Map<String, Row>> read(Set<String> keys) {
    return isCut ? away() : store.read(keys);
  }

  @Override
  public CompletionStage<OptionalLong> replace(String key, long version, byte[] value) {
    return isCut ? away() : store.replace(key, version, value);
  }

  private static <T> CompletionStage<T> away() {
    return CompletableFuture.failedStage(new StorageException(Kind.UNAVAILABLE, "cut off"));
  }
}
