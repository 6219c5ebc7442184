package io.liiklus.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.liiklus.api.GroupId;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;

/** Acks whose writes are paced, over a loop and a storage that a test steps. */
class PacedAcks {

  static final Duration TURN = Duration.ofMillis(50);
  static final int PER_POSITION = 1_000;

  final SteppedTimer loop = new SteppedTimer();
  final SteppedPositions positions = new SteppedPositions();
  final Acks acks =
      new Acks(
          positions,
          List.of(loop),
          any -> true,
          new Acks.Options(PER_POSITION, 10_000, 20),
          loop::nowNs,
          () -> 0.5);

  /** Two groups that nothing else is of take what is at once. */
  @BeforeEach
  void spendTheBurst() {
    ack("first", 90, 1);
    ack("second", 91, 1);
    assertThat(positions.takeWrites()).containsExactly("90=1", "91=1");
  }

  @CanIgnoreReturnValue
  CompletableFuture<Void> ack(String group, int partition, long offset) {
    return ack(group, partition, offset, Duration.ofSeconds(5));
  }

  CompletableFuture<Void> ack(String group, int partition, long offset, Duration patience) {
    return acks.ack(id(group, partition), offset, patience).toCompletableFuture();
  }

  CompletableFuture<Void> flush(String group, int partition) {
    var flushed = acks.flush(List.of(id(group, partition)));
    loop.run();
    return flushed.toCompletableFuture();
  }

  static PositionId id(String group, int partition) {
    return new PositionId("topic", new GroupId(group, 0), partition);
  }

  void succeedAll() {
    positions.takeOpen().forEach(write -> write.complete(null));
    loop.run();
  }

  void fail(CompletableFuture<Void> write, Kind kind) {
    write.completeExceptionally(new StorageException(kind, "as the test says"));
    loop.run();
  }
}
