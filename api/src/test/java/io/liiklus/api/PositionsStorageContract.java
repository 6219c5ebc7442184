package io.liiklus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every positions storage does, beyond the signatures. A storage's tests extend this; one open
 * storage may serve all of them, for each test keeps to a topic of its own.
 */
public abstract class PositionsStorageContract {

  private static final long PATIENCE_SECONDS = 20;
  private static final long HIGHEST_OFFSET = Long.MAX_VALUE - 1;

  /** By how much a gateway's clock may be behind another's without an answered write being lost. */
  protected static final Duration CLOCK_LAG = Duration.ofSeconds(5);

  private String topic;

  /** The storage to test, open and connected. */
  protected abstract PositionsStorage storage();

  /**
   * A second gateway's storage on the same backend, open and connected; empty where positions are
   * this process's own.
   */
  protected abstract Optional<PositionsStorage> second();

  /**
   * As {@link #second}, of a gateway whose clock is {@link #CLOCK_LAG} behind the one of {@link
   * #storage}; empty where no gateway's clock has a part in which write is the last.
   */
  protected Optional<PositionsStorage> secondWithClockBehind() {
    return Optional.empty();
  }

  @BeforeEach
  final void takesTopicOfItsOwn() {
    topic = "topic-" + UUID.randomUUID();
  }

  @Test
  void storedPosition_isFound() {
    store(topic, "group", 0, 3, 42);
    assertThat(find(topic, "group", 0)).containsExactly(Map.entry(3, 42L));
  }

  @Test
  void nothingStored_isEmpty() {
    assertThat(find(topic, "group", 0)).isEmpty();
    assertThat(findVersions(topic, "group")).isEmpty();
  }

  @Test
  void lastWrite_winsForthAndBack() {
    store(topic, "group", 0, 0, 10);
    store(topic, "group", 0, 0, 20);
    assertThat(find(topic, "group", 0)).containsExactly(Map.entry(0, 20L));
    store(topic, "group", 0, 0, 5);
    assertThat(find(topic, "group", 0)).containsExactly(Map.entry(0, 5L));
  }

  @Test
  void laterWriteOfTwoInstances_winsForthAndBack() {
    assumeTrue(second().isPresent());
    writeInTurn(second().get());
  }

  @Test
  void laterWriteWithAClockBehind_winsForthAndBack() {
    assumeTrue(secondWithClockBehind().isPresent());
    writeInTurn(secondWithClockBehind().get());
  }

  private void writeInTurn(PositionsStorage other) {
    var group = new GroupId("group", 0);
    long[] written = {10, 20, 5, 7, 3, -1, 4, 0};
    for (int i = 0; i < written.length; i++) {
      var writer = i % 2 == 0 ? storage() : other;
      // The second has a value of its own, so that one which is left behind is seen.
      var positions = Map.of(0, written[i], 1, written[i] + 100);
      await(writer.store(new GroupPositions(topic, group, positions)));
      for (var reader : List.of(storage(), other)) {
        assertThat(await(reader.find(topic, group))).isEqualTo(positions);
        assertThat(await(reader.findVersions(topic, "group"))).isEqualTo(Map.of(0, positions));
      }
    }
  }

  @Test
  void firstWritesOfTwoInstances_areAllStored() {
    assumeTrue(second().isPresent());
    var storages = List.of(storage(), second().get());
    for (int i = 0; i < 10; i++) {
      var group = new GroupId("group-" + i, 0);
      var writes = new ArrayList<CompletionStage<Void>>();
      var expected = new HashMap<Integer, Long>();
      for (int partition = 0; partition < 4; partition++) {
        var id = new PositionId(topic, group, partition);
        writes.add(storages.get(partition % 2).store(id, 10L + partition));
        expected.put(partition, 10L + partition);
      }
      writes.forEach(PositionsStorageContract::await);
      storages.forEach(one -> assertThat(await(one.find(topic, group))).isEqualTo(expected));
    }
  }

  @Test
  void positionsOfTwoInstances_areFoundByBoth() {
    assumeTrue(second().isPresent());
    var other = second().get();
    store(topic, "group", 1, 0, 10);
    await(other.store(new PositionId(topic, new GroupId("group", 2), 0), 20));
    await(other.store(new PositionId(topic, new GroupId("group", 1), 1), 30));
    var expected = Map.of(1, Map.of(0, 10L, 1, 30L), 2, Map.of(0, 20L));
    assertThat(findVersions(topic, "group")).isEqualTo(expected);
    assertThat(await(other.findVersions(topic, "group"))).isEqualTo(expected);
  }

  @Test
  void positionsOfOneGroup_areStoredTogetherAndOthersStay() {
    store(topic, "group", 1, 0, 10);
    store(topic, "group", 1, 1, 20);
    store(topic, "group", 2, 0, 30);
    var together = new GroupPositions(topic, new GroupId("group", 1), Map.of(1, 5L, 2, -1L));
    await(storage().store(together));
    assertThat(find(topic, "group", 1)).isEqualTo(Map.of(0, 10L, 1, 5L, 2, -1L));
    assertThat(find(topic, "group", 2)).isEqualTo(Map.of(0, 30L));
  }

  @Test
  void lowestAndHighestNumbers_areKept() {
    store(topic, "group", Integer.MAX_VALUE, 0, -1);
    store(topic, "group", Integer.MAX_VALUE, 1, 0);
    store(topic, "group", Integer.MAX_VALUE, Integer.MAX_VALUE, HIGHEST_OFFSET);
    var expected = Map.of(0, -1L, 1, 0L, Integer.MAX_VALUE, HIGHEST_OFFSET);
    assertThat(find(topic, "group", Integer.MAX_VALUE)).isEqualTo(expected);
    assertThat(findVersions(topic, "group")).isEqualTo(Map.of(Integer.MAX_VALUE, expected));
  }

  @Test
  void topicsGroupsVersionsAndPartitions_areApart() {
    var other = topic + ".other";
    store(topic, "group", 0, 0, 1);
    store(topic, "group", 0, 1, 2);
    store(topic, "group", 1, 0, 3);
    store(topic, "group2", 0, 0, 4);
    store(other, "group", 0, 0, 5);
    assertThat(find(topic, "group", 0)).isEqualTo(Map.of(0, 1L, 1, 2L));
    assertThat(find(topic, "group", 1)).isEqualTo(Map.of(0, 3L));
    assertThat(find(topic, "group2", 0)).isEqualTo(Map.of(0, 4L));
    assertThat(find(other, "group", 0)).isEqualTo(Map.of(0, 5L));
  }

  @Test
  void versionsOfOneName_areFoundInOrder() {
    for (int version : new int[] {10, 2, 0, 1}) {
      store(topic, "group", version, 0, 100 + version);
    }
    store(topic, "grou", 3, 0, 1);
    store(topic, "group:", 4, 0, 1);
    store(topic, "group:5", 5, 0, 1);
    store(topic, "Group", 6, 0, 1);
    var versions = findVersions(topic, "group");
    assertThat(new ArrayList<>(versions.keySet())).containsExactly(0, 1, 2, 10);
    versions.forEach(
        (version, offsets) -> assertThat(offsets).isEqualTo(Map.of(0, 100L + version)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a:b",
        ":",
        "::1",
        "a:1",
        "a:1:2",
        "two words",
        "*",
        "a?[b-c]{d}*",
        "back\\slash",
        "'quotes\"",
        "~tilde",
        "-v",
        "-v1x",
        "a-v1-",
        "группа-ε-組-😀",
        "%s%n",
        "../..",
        "null"
      })
  void anyGroupName_isKeptApart(String name) {
    store(topic, name, 0, 0, 7);
    store(topic, name, 2, 1, 8);
    store(topic, name + "x", 0, 0, 9);
    assertThat(find(topic, name, 0)).isEqualTo(Map.of(0, 7L));
    assertThat(findVersions(topic, name)).isEqualTo(Map.of(0, Map.of(0, 7L), 2, Map.of(1, 8L)));
    assertThat(allOfTopic())
        .containsOnlyKeys(new GroupId(name, 0), new GroupId(name, 2), new GroupId(name + "x", 0));
  }

  @Test
  void longestNames_areKept() {
    var longTopic = topic + "t".repeat(249 - topic.length());
    var longGroup = "g".repeat(255);
    store(longTopic, longGroup, 1, 0, 7);
    assertThat(find(longTopic, longGroup, 1)).isEqualTo(Map.of(0, 7L));
    assertThat(findVersions(longTopic, longGroup)).isEqualTo(Map.of(1, Map.of(0, 7L)));
  }

  @Test
  void allStoredPositions_areFound() {
    var expected = new HashMap<GroupId, Map<Integer, Long>>();
    var writes = new ArrayList<CompletionStage<Void>>();
    for (int i = 0; i < 300; i++) {
      var group = new GroupId("group-" + i / 2, i % 2);
      writes.add(storage().store(new PositionId(topic, group, i % 7), i));
      expected.put(group, Map.of(i % 7, (long) i));
    }
    writes.forEach(PositionsStorageContract::await);
    assertThat(allOfTopic()).isEqualTo(expected);
  }

  @Test
  void topicWithManyPartitions_isFoundWhole() {
    var group = new GroupId("group", 0);
    var expected = new HashMap<Integer, Long>();
    var writes = new ArrayList<CompletionStage<Void>>();
    for (int partition = 0; partition < 2_000; partition++) {
      writes.add(storage().store(new PositionId(topic, group, partition), partition * 10L));
      expected.put(partition, partition * 10L);
    }
    writes.forEach(PositionsStorageContract::await);
    assertThat(find(topic, "group", 0)).isEqualTo(expected);
  }

  @Test
  void overlappingWritesOfOneThread_endWithTheLast() {
    var writes = new ArrayList<CompletionStage<Void>>();
    for (int offset = 0; offset < 500; offset++) {
      var id = new PositionId(topic, new GroupId("group", 0), 0);
      writes.add(storage().store(id, offset));
    }
    writes.forEach(PositionsStorageContract::await);
    assertThat(find(topic, "group", 0)).containsExactly(Map.entry(0, 499L));
  }

  @Test
  void writesOfManyThreads_areAllStored() {
    var threads = IntStream.range(0, 8).mapToObj(this::writeFromThread).toList();
    threads.forEach(PositionsStorageContract::await);
    var expected = new TreeMap<Integer, Map<Integer, Long>>();
    for (int version = 0; version < 8; version++) {
      expected.put(version, Map.of(0, 49L, 1, 49L));
    }
    assertThat(findVersions(topic, "group")).isEqualTo(expected);
  }

  @Test
  void returnedPositions_stayAsTheyWere() {
    store(topic, "group", 0, 0, 1);
    var before = find(topic, "group", 0);
    var versionsBefore = findVersions(topic, "group");
    store(topic, "group", 0, 0, 2);
    store(topic, "group", 1, 0, 2);
    assertThat(before).isEqualTo(Map.of(0, 1L));
    assertThat(versionsBefore).isEqualTo(Map.of(0, Map.of(0, 1L)));
  }

  @Test
  void check_succeeds() {
    await(storage().check());
  }

  private CompletableFuture<Void> writeFromThread(int version) {
    return CompletableFuture.runAsync(
        () -> {
          for (int offset = 0; offset < 50; offset++) {
            store(topic, "group", version, 0, offset);
            store(topic, "group", version, 1, offset);
          }
        });
  }

  private void store(String inTopic, String name, int version, int partition, long offset) {
    await(storage().store(new PositionId(inTopic, new GroupId(name, version), partition), offset));
  }

  private Map<Integer, Long> find(String inTopic, String name, int version) {
    return await(storage().find(inTopic, new GroupId(name, version)));
  }

  private Map<Integer, Map<Integer, Long>> findVersions(String inTopic, String name) {
    return await(storage().findVersions(inTopic, name));
  }

  private Map<GroupId, Map<Integer, Long>> allOfTopic() {
    List<GroupPositions> all = await(storage().findAll());
    var found = new HashMap<GroupId, Map<Integer, Long>>();
    for (var positions : all) {
      if (positions.topic().equals(topic)) {
        assertThat(found.put(positions.group(), positions.offsets())).as("logged once").isNull();
      }
    }
    return found;
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }
}
