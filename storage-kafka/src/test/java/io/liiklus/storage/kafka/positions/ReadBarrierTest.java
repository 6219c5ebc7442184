package io.liiklus.storage.kafka.positions;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ReadBarrierTest {

  private final PositionsView view = new PositionsView();
  private final List<CompletableFuture<Long>> requests = new ArrayList<>();
  private final ReadBarrier barrier =
      new ReadBarrier(
          view,
          () -> {
            var request = new CompletableFuture<Long>();
            requests.add(request);
            return request;
          });

  @Test
  void read_waitsUntilTheViewHasComeToTheEnd() {
    var read = barrier.read(() -> "read");
    requests.get(0).complete(2L);
    advance(1);
    assertThat(read).isNotDone();

    advance(2);
    assertThat(read).isCompletedWithValue("read");
  }

  @Test
  void read_isAnsweredAtOnceWhereTheViewIsThere() {
    advance(2);
    var read = barrier.read(() -> "read");
    requests.get(0).complete(2L);
    assertThat(read).isCompletedWithValue("read");
  }

  @Test
  void readsThatWait_shareTheNextRequestAndNotTheOneUnderWay() {
    var first = barrier.read(() -> 1);
    var second = barrier.read(() -> 2);
    var third = barrier.read(() -> 3);
    assertThat(requests).hasSize(1);

    requests.get(0).complete(0L);
    assertThat(first).isCompletedWithValue(1);
    assertThat(second).isNotDone();
    assertThat(requests).hasSize(2);

    requests.get(1).complete(0L);
    assertThat(second).isCompletedWithValue(2);
    assertThat(third).isCompletedWithValue(3);
    assertThat(requests).hasSize(2);
  }

  @Test
  void failedRequest_failsItsReadsAlone() {
    var first = barrier.read(() -> 1);
    var second = barrier.read(() -> 2);
    requests.get(0).completeExceptionally(new StorageException(Kind.UNAVAILABLE, "away"));
    requests.get(1).complete(0L);
    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompletedWithValue(2);
  }

  @Test
  void reasonOfTheLastRequest_isKnownUntilOneIsAnswered() {
    var failed = barrier.read(() -> 1);
    assertThat(barrier.isAsking()).isTrue();
    requests.get(0).completeExceptionally(new StorageException(Kind.UNAVAILABLE, "away"));
    assertThat(failed).isCompletedExceptionally();
    assertThat(barrier.isAsking()).isFalse();
    assertThat(barrier.lastFailure()).map(Throwable::getMessage).contains("away");

    var read = barrier.read(() -> 2);
    requests.get(1).complete(0L);
    assertThat(read).isCompletedWithValue(2);
    assertThat(barrier.lastFailure()).isEmpty();
  }

  @Test
  void requestThatIsThrown_failsItsReadsAndTheNextIsMade() {
    var isClosed = new AtomicBoolean(true);
    var throwing =
        new ReadBarrier(
            view,
            () -> {
              if (isClosed.get()) {
                throw new IllegalStateException("closed");
              }
              return CompletableFuture.completedFuture(0L);
            });
    assertThat(throwing.read(() -> 1)).isCompletedExceptionally();

    isClosed.set(false);
    assertThat(throwing.read(() -> 2)).isCompletedWithValue(2);
  }

  private void advance(long end) {
    view.apply(List.of(), end);
    barrier.onProgress();
  }
}
