package io.liiklus.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every coordination store does, beyond the signatures. A store's tests extend this; one open
 * store may serve all of them, for each test keeps to keys of its own. Confined to the test's
 * thread, but for the tests that say otherwise.
 */
public abstract class CoordinationStoreContract {

  private static final long PATIENCE_SECONDS = 20;
  private static final int THREADS = 8;

  private final String key = "g/topic/" + UUID.randomUUID();

  /** The store to test. */
  protected abstract CoordinationStore store();

  /** The store of another gateway on the same backend; the same where there is but one process. */
  protected abstract CoordinationStore second();

  /** How often each of several threads changes one row; fewer where the backend is slow. */
  protected int changesOfAThread() {
    return 25;
  }

  @Test
  void rowThatWasNeverWritten_isNotThere() {
    assertThat(await(store().read(Set.of(key)))).isEmpty();
    assertThat(await(store().read(Set.of()))).isEmpty();
  }

  @Test
  void writtenRow_isReadWithItsVersion() {
    long version = written(CoordinationStore.ABSENT, "value");
    assertThat(version).isPositive();
    assertRow(store(), version, "value");
  }

  @Test
  void read_answersTheRowsThatAreThereAndNoOther() {
    written(CoordinationStore.ABSENT, "value");
    var other = key + "/other";
    await(store().replace(other, CoordinationStore.ABSENT, bytes("another")));
    var rows = await(store().read(Set.of(key, other, key + "/missing")));
    assertThat(texts(rows)).isEqualTo(Map.of(key, "value", other, "another"));
  }

  @Test
  void rowThatIsThere_isNotCreatedAgain() {
    long version = written(CoordinationStore.ABSENT, "value");
    assertThat(replace(CoordinationStore.ABSENT, "again")).isEmpty();
    assertRow(store(), version, "value");
  }

  @Test
  void rowThatIsNotThere_isNotChanged() {
    assertThat(replace(7, "value")).isEmpty();
    assertThat(replace(7, null)).isEmpty();
    assertThat(await(store().read(Set.of(key)))).isEmpty();
  }

  @Test
  void eachChange_givesAnotherVersionAndOutdatesTheOnesBefore() {
    long first = written(CoordinationStore.ABSENT, "value");
    long second = written(first, "value");
    assertThat(second).isNotEqualTo(first);
    assertThat(replace(first, "late")).isEmpty();
    assertRow(store(), second, "value");
  }

  @Test
  void removedRow_isNotThere() {
    long version = written(CoordinationStore.ABSENT, "value");
    assertThat(replace(version, null)).hasValue(CoordinationStore.ABSENT);
    assertThat(await(store().read(Set.of(key)))).isEmpty();
    assertThat(replace(version, "late")).isEmpty();
  }

  @Test
  void outdatedVersion_removesNothing() {
    long first = written(CoordinationStore.ABSENT, "value");
    long second = written(first, "another");
    assertThat(replace(first, null)).isEmpty();
    assertRow(store(), second, "another");
  }

  @Test
  void rowThatCameAgain_neverHasAVersionOfBefore() {
    var versions = new ArrayList<Long>();
    for (int i = 0; i < 5; i++) {
      long created = written(CoordinationStore.ABSENT, "value");
      long changed = written(created, "changed");
      assertThat(versions).doesNotContain(created, changed);
      versions.add(created);
      versions.add(changed);
      assertThat(replace(changed, null)).isPresent();
    }
    written(CoordinationStore.ABSENT, "value");
    versions.forEach(before -> assertThat(replace(before, "late")).isEmpty());
  }

  @Test
  void changeOfOneGateway_isSeenAndRespectedByTheOther() {
    long first = written(CoordinationStore.ABSENT, "value");
    assertRow(second(), first, "value");
    var changed = await(second().replace(key, first, bytes("changed")));
    assertThat(changed).isPresent();
    assertThat(replace(first, "late")).isEmpty();
    assertRow(store(), changed.getAsLong(), "changed");
  }

  @Test
  void concurrentChangesOfOneVersion_letOneWin() {
    var threads =
        IntStream.range(0, THREADS)
            .mapToObj(i -> CompletableFuture.runAsync(() -> count(i % 2 == 0 ? store() : second())))
            .toList();
    threads.forEach(CoordinationStoreContract::await);
    var rows = await(store().read(Set.of(key)));
    assertThat(texts(rows)).isEqualTo(Map.of(key, Integer.toString(THREADS * changesOfAThread())));
  }

  /** Adds to a counter, by compare-and-set, so many times. */
  private void count(CoordinationStore store) {
    for (int won = 0; won < changesOfAThread(); ) {
      var row = await(store.read(Set.of(key))).get(key);
      long version = row == null ? CoordinationStore.ABSENT : row.version();
      int before = row == null ? 0 : Integer.parseInt(new String(row.value(), UTF_8));
      var changed = await(store.replace(key, version, bytes(Integer.toString(before + 1))));
      won += changed.isPresent() ? 1 : 0;
    }
  }

  @Test
  void anyBytes_areKept() {
    byte[] value = new byte[64 << 10];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) i;
    }
    long version = await(store().replace(key, CoordinationStore.ABSENT, value)).orElseThrow();
    assertThat(await(store().read(Set.of(key))).get(key).value()).isEqualTo(value);
    assertThat(await(store().replace(key, version, new byte[0]))).isPresent();
    assertThat(await(store().read(Set.of(key))).get(key).value()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {":", "a:b", "two words", "*", "a?[b-c]{d}*", "'\"\\", "группа-組-😀", "~"})
  void anyKey_isKeptApart(String name) {
    var here = key + name;
    await(store().replace(here, CoordinationStore.ABSENT, bytes("value")));
    await(store().replace(here + "x", CoordinationStore.ABSENT, bytes("another")));
    assertThat(texts(await(store().read(Set.of(here))))).isEqualTo(Map.of(here, "value"));
  }

  private void assertRow(CoordinationStore where, long version, String value) {
    var row = await(where.read(Set.of(key))).get(key);
    assertThat(row.version()).isEqualTo(version);
    assertThat(new String(row.value(), UTF_8)).isEqualTo(value);
  }

  private long written(long version, String value) {
    return replace(version, value).orElseThrow();
  }

  private OptionalLong replace(long version, String value) {
    return await(store().replace(key, version, value == null ? null : bytes(value)));
  }

  private static Map<String, String> texts(Map<String, CoordinationStore.Row> rows) {
    return rows.entrySet().stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, row -> new String(row.getValue().value(), UTF_8)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }
}
