package io.liiklus.storage.positions;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PositionsWriterTest {

  private static final int MAX_POSITIONS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final List<Request> requests = new ArrayList<>();
  private long nowNs = 7;
  private final PositionsWriter<String> writer =
      new PositionsWriter<>(this::send, MAX_POSITIONS, PATIENCE, () -> nowNs);

  private record Request(
      String group, Map<Integer, Long> offsets, CompletableFuture<Void> answer) {}

  private CompletionStage<Void> send(String group, Map<Integer, Long> offsets) {
    var request = new Request(group, Map.copyOf(offsets), new CompletableFuture<>());
    requests.add(request);
    return request.answer();
  }

  private CompletionStage<Void> store(String group, int partition, long offset) {
    return store(group, Map.of(partition, offset));
  }

  private CompletionStage<Void> store(String group, Map<Integer, Long> offsets) {
    return writer.store(group, offsets);
  }

  private List<Map<Integer, Long>> sent() {
    return requests.stream().map(Request::offsets).toList();
  }

  private void answer(int number) {
    requests.get(number).answer().complete(null);
  }

  @Test
  void waitingWrites_becomeOneOfTheLastValues() {
    var first = store("group", 0, 1);
    var second = store("group", 0, 2);
    var third = store("group", 1, 10);
    var last = store("group", 0, 3);
    assertThat(sent()).containsExactly(Map.of(0, 1L));
    answer(0);
    assertThat(first).isCompleted();
    assertThat(sent()).containsExactly(Map.of(0, 1L), Map.of(0, 3L, 1, 10L));
    assertThat(second).isNotDone();
    answer(1);
    List.of(second, third, last).forEach(write -> assertThat(write).isCompleted());
    store("group", 0, 4);
    assertThat(requests).hasSize(3);
  }

  @Test
  void groups_doNotWaitForEachOther() {
    store("group", 0, 1);
    store("other", 0, 1);
    store("group-v1", 0, 1);
    assertThat(requests).extracting(Request::group).containsExactly("group", "other", "group-v1");
  }

  @Test
  void moreThanARequestHas_areWrittenInTurn() {
    var offsets = new HashMap<Integer, Long>();
    IntStream.range(0, 250).forEach(partition -> offsets.put(partition, 1L));
    var stored = store("group", offsets);
    var behind = store("group", 0, 2);
    var written = new HashMap<Integer, Long>();
    for (int i = 0; i < 3; i++) {
      assertThat(stored).isNotDone();
      assertThat(requests).hasSize(i + 1);
      assertThat(requests.get(i).offsets()).hasSizeLessThanOrEqualTo(100);
      written.putAll(requests.get(i).offsets());
      answer(i);
    }
    assertThat(stored).isCompleted();
    assertThat(behind).isCompleted();
    offsets.put(0, 2L);
    assertThat(written).isEqualTo(offsets);
  }

  @Test
  void failure_isThatOfTheRequestAlone() {
    var first = store("group", 0, 1);
    var second = store("group", 0, 2);
    var third = store("group", 1, 3);
    var failure = new StorageException(Kind.UNAVAILABLE, "away");
    requests.get(0).answer().completeExceptionally(failure);
    assertThat(first).isCompletedExceptionally();
    answer(1);
    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
  }

  @Test
  void writeThatWaitedForTooLong_isNotMade() {
    store("group", 0, 1);
    var late = store("group", 0, 2);
    nowNs += PATIENCE.toNanos() + 1;
    var inTime = store("group", 1, 3);
    answer(0);
    assertThat(late)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("the position was not written");
    assertThat(sent()).containsExactly(Map.of(0, 1L), Map.of(1, 3L));
    answer(1);
    assertThat(inTime).isCompleted();
  }

  @Test
  void lateWritesAlone_makeNoRequest() {
    store("group", 0, 1);
    var late = store("group", 0, 2);
    nowNs += PATIENCE.toNanos() + 1;
    answer(0);
    assertThat(late).isCompletedExceptionally();
    assertThat(requests).hasSize(1);
    store("group", 0, 3);
    assertThat(requests).hasSize(2);
  }

  @Test
  void requestsThatFailAtOnce_areMadeOneByOne() {
    var failing =
        new PositionsWriter<String>(
            (group, offsets) ->
                CompletableFuture.failedStage(new StorageException(Kind.CLOSED, "closed")),
            MAX_POSITIONS,
            PATIENCE,
            () -> nowNs);
    var offsets = new HashMap<Integer, Long>();
    IntStream.range(0, 500_000).forEach(partition -> offsets.put(partition, 1L));
    assertThat(failing.store("group", offsets).toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void updateThatRefuses_isAFailure() {
    var refusing =
        new PositionsWriter<String>(
            (group, offsets) -> {
              throw new StorageException(Kind.CLOSED, "closed");
            },
            MAX_POSITIONS,
            PATIENCE,
            () -> nowNs);
    assertThat(refusing.store("group", Map.of(0, 1L)).toCompletableFuture())
        .isCompletedExceptionally();
    assertThat(refusing.store("group", Map.of(0, 2L)).toCompletableFuture())
        .isCompletedExceptionally();
  }
}
