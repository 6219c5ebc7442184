package io.liiklus.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryGroupTest {

  private final MemoryGateway storage =
      new MemoryGateway(
          new MemorySettings(
              6, 10, 16 << 20, 1 << 10, GroupTimes.revokingWithin(Duration.ofSeconds(10))));

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void rebalance_movesNoMoreThanItMust() {
    storage.growTo("topic", 6);
    var first = new RecordingListener();
    var second = new RecordingListener();
    var third = new RecordingListener();
    join(first);
    awaitHeld(first, 6);
    var readers = Map.copyOf(first.held());

    join(second);
    awaitHeld(second, 3);
    var leaving = join(third);
    awaitHeld(third, 2);

    assertThat(first.revoked()).hasSize(4);
    assertThat(second.revoked()).hasSize(1);
    assertThat(readers).containsAllEntriesOf(first.held());

    var secondReaders = Map.copyOf(second.held());
    leaving.close().toCompletableFuture().join();
    awaitHeld(first, 3);
    awaitHeld(second, 3);
    assertThat(second.held()).containsAllEntriesOf(secondReaders);
  }

  @Test
  void membersPastThePartitions_haveNoneUntilOneLeaves() {
    storage.growTo("topic", 1);
    var first = new RecordingListener();
    var second = new RecordingListener();
    var leaving = join(first);
    awaitHeld(first, 1);
    join(second);

    leaving.close().toCompletableFuture().join();

    awaitHeld(second, 1);
    assertThat(first.revoked()).containsExactly(0);
  }

  @Test
  void memberWithoutTopic_getsItWhenItIsPublishedTo() {
    var listener = new RecordingListener();
    join(listener);

    publish(0);

    awaitHeld(listener, 6);
  }

  @Test
  void reader_missesNothingAppendedMeanwhile() throws Exception {
    int records = 20_000;
    storage.growTo("topic", 1);
    var listener = new RecordingListener();
    join(listener);
    awaitHeld(listener, 1);
    var reader = listener.reader(0);
    var publisher =
        new Thread(
            () -> {
              for (int i = 0; i < records; i++) {
                publish(i);
              }
            });
    publisher.start();

    long next = 0;
    while (next < records) {
      var batch = reader.read().toCompletableFuture().get(10, TimeUnit.SECONDS);
      for (int i = 0; i < batch.size(); i++) {
        assertThat(batch.offset(i)).isEqualTo(next);
        assertThat(batch.value(i).getInt(0)).isEqualTo((int) next);
        next++;
      }
    }
    publisher.join();
    assertThat(listener.skips()).isEmpty();
  }

  private Subscription join(RecordingListener listener) {
    return storage.subscribe(
        new SubscriptionRequest("topic", "group", AutoOffsetReset.EARLIEST), listener);
  }

  private static void awaitHeld(RecordingListener listener, int partitions) {
    await().untilAsserted(() -> assertThat(listener.held()).hasSize(partitions));
    assertThat(listener.faults()).isEmpty();
  }

  private void publish(int number) {
    var value = ByteBuffer.allocate(4).putInt(number).array();
    var published =
        storage.publish(
            new RecordToPublish("topic", null, value, List.of()), Duration.ofSeconds(1));
    assertThat(published).isCompleted();
  }
}
