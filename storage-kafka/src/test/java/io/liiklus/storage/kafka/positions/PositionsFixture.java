package io.liiklus.storage.kafka.positions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.GroupId;
import io.liiklus.api.MapSettings;
import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException;
import io.liiklus.storage.kafka.KafkaTestStorage;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** An open storage, with calls that wait for their answers. */
record PositionsFixture(PositionsStorage storage) implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final GroupId GROUP = new GroupId("group", 0);

  private static final StorageContext READ_ONLY =
      new StorageContext() {
        @Override
        public Optional<CoordinationStore> coordination() {
          return Optional.empty();
        }

        @Override
        public boolean isReadOnly() {
          return true;
        }
      };

  static MapSettings settings(String bootstrapServers, String topic) {
    return withPositions(KafkaTestStorage.settings(bootstrapServers), topic);
  }

  static MapSettings withPositions(MapSettings settings, String topic) {
    return settings
        .with("positions.topic", topic)
        .with("positions.createTopic", "true")
        .with("positions.max", "1000000")
        .with("positions.callTimeout", "2s")
        .with("positions.maxPendingCalls", "10000");
  }

  /** Opens; says nothing about whether Kafka is there. */
  static PositionsFixture open(MapSettings settings) {
    return open(settings, StorageContext.NONE);
  }

  /** Opens to read alone. */
  static PositionsFixture openToRead(MapSettings settings) {
    return open(settings, READ_ONLY);
  }

  private static PositionsFixture open(MapSettings settings, StorageContext context) {
    var storage = new KafkaPositionsStorageFactory().open(settings, context);
    assertThat(settings.refused()).isEmpty();
    return new PositionsFixture(storage);
  }

  PositionsFixture untilReady() {
    await().atMost(PATIENCE).until(() -> isAnswered(storage.check()));
    return this;
  }

  static boolean isAnswered(CompletionStage<?> call) {
    try {
      answer(call);
      return true;
    } catch (StorageException away) {
      return false;
    }
  }

  /** Returns once a store is refused or fails, or all do not answer, as a cluster notices late. */
  void awaitDown() {
    await().atMost(PATIENCE).until(() -> !isAnswered(storage.check()));
  }

  void store(String topic, int partition, long offset) {
    answer(storage.store(new PositionId(topic, GROUP, partition), offset));
  }

  Map<Integer, Long> find(String topic) {
    return answer(storage.find(topic, GROUP));
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
