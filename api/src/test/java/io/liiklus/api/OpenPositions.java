package io.liiklus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An open storage of positions, with calls that wait for their answers. */
public record OpenPositions(PositionsStorage storage) implements AutoCloseable {

  public static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Opens; says nothing about whether the server is there. */
  public static OpenPositions open(PositionsStorageFactory factory, MapSettings settings) {
    return open(factory, settings, StorageContext.NONE);
  }

  public static OpenPositions open(
      PositionsStorageFactory factory, MapSettings settings, StorageContext context) {
    var storage = factory.open(settings, context);
    assertThat(settings.refused()).isEmpty();
    return new OpenPositions(storage);
  }

  public OpenPositions untilConnected() {
    await().atMost(PATIENCE).until(this::isConnected);
    return this;
  }

  public CoordinationStore coordination() {
    return storage.coordination().orElseThrow();
  }

  public boolean isConnected() {
    try {
      answer(storage.check());
      return true;
    } catch (StorageException away) {
      return false;
    }
  }

  public void store(String topic, String name, int version, long offset) {
    answer(storage.store(position(topic, name, version), offset));
  }

  public static PositionId position(String topic, String name, int version) {
    return new PositionId(topic, new GroupId(name, version), 0);
  }

  public Map<Integer, Long> find(String topic, String name, int version) {
    return answer(storage.find(topic, new GroupId(name, version)));
  }

  public Map<Integer, Map<Integer, Long>> findVersions(String topic, String name) {
    return answer(storage.findVersions(topic, name));
  }

  /** By topic:name:version, for all groups. */
  public Map<String, Map<Integer, Long>> findAll() {
    return answer(storage.findAll()).stream()
        .collect(
            Collectors.toMap(
                found -> found.topic() + ":" + found.group(), found -> found.offsets()));
  }

  /** A number of the storage. */
  public long metric(String name) {
    return storage.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value()
        .getAsLong();
  }

  /** What the call failed with. */
  public static StorageException failure(CompletionStage<?> call) {
    try {
      answer(call);
    } catch (StorageException failure) {
      return failure;
    }
    throw new AssertionError("the call did not fail");
  }

  public static <T> T answer(CompletionStage<T> call) {
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
