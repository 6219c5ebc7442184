package io.liiklus.positions.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.GroupId;
import io.liiklus.api.MapSettings;
import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An open storage, with calls that wait for their answers. */
record OpenStorage(PositionsStorage storage) implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Opens; says nothing about whether Cassandra is there. */
  static OpenStorage open(MapSettings settings) {
    var storage = new CassandraPositionsStorageFactory().open(settings, StorageContext.NONE);
    assertThat(settings.refused()).isEmpty();
    return new OpenStorage(storage);
  }

  OpenStorage untilConnected() {
    await().atMost(PATIENCE).until(this::isConnected);
    return this;
  }

  CoordinationStore coordination() {
    return storage.coordination().orElseThrow();
  }

  boolean isConnected() {
    try {
      answer(storage.check());
      return true;
    } catch (StorageException away) {
      return false;
    }
  }

  void store(String topic, String name, int version, long offset) {
    answer(storage.store(new PositionId(topic, new GroupId(name, version), 0), offset));
  }

  Map<Integer, Long> find(String topic, String name, int version) {
    return answer(storage.find(topic, new GroupId(name, version)));
  }

  Map<Integer, Map<Integer, Long>> findVersions(String topic, String name) {
    return answer(storage.findVersions(topic, name));
  }

  /** By topic:name:version, for all groups. */
  Map<String, Map<Integer, Long>> findAll() {
    return answer(storage.findAll()).stream()
        .collect(
            Collectors.toMap(
                found -> found.topic() + ":" + found.group(), found -> found.offsets()));
  }

  /** What the call failed with. */
  static StorageException failure(CompletionStage<?> call) {
    try {
      answer(call);
    } catch (StorageException failure) {
      return failure;
    }
    throw new AssertionError("the call did not fail");
  }

  static <T> T answer(CompletionStage<T> call) {
    try {
      return call.toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException failure) {
      throw StorageException.of(failure);
    }
  }

  @Override
  public void close() {
    storage.close();
  }
}
