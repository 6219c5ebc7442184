package io.liiklus.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishQueueTest {

  private static final int MOST = 100;

  private final PublishQueue queue = new PublishQueue();

  private PendingRecord add(String key, String value) {
    var record = record(key, value, 0);
    queue.add(record);
    return record;
  }

  private static PendingRecord record(String key, String value, long deadlineNs) {
    var request =
        PublishRequest.newBuilder()
            .setTopic("topic")
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8(value))
            .build();
    return new PendingRecord(request, 10, deadlineNs);
  }

  private static List<String> values(List<PendingRecord> batch) {
    return batch.stream().map(record -> record.request().getValue().toStringUtf8()).toList();
  }

  @Test
  void recordsOfAKey_areInOneBatchAtATime() {
    add("a", "a1");
    var first = queue.next(MOST, MOST);
    add("a", "a2");
    add("b", "b1");

    assertThat(values(first)).containsExactly("a1");
    assertThat(values(queue.next(MOST, MOST))).containsExactly("b1");
    assertThat(queue.next(MOST, MOST)).isEmpty();
    queue.settle(first, List.of());
    assertThat(values(queue.next(MOST, MOST))).containsExactly("a2");
    assertThat(queue.size()).isZero();
  }

  @Test
  void recordsWithoutAKey_waitForNothing() {
    add("", "1");
    queue.next(MOST, MOST);
    add("", "2");

    assertThat(values(queue.next(MOST, MOST))).containsExactly("2");
  }

  @Test
  void batch_endsAtItsBounds() {
    for (int i = 0; i < 5; i++) {
      add("k" + i % 2, "" + i);
    }

    assertThat(queue.next(3, MOST)).hasSize(3);
    assertThat(queue.next(MOST, 15)).hasSize(1);
  }

  @Test
  void largeRecord_isABatchOfItsOwn() {
    add("a", "1");
    add("b", "2");

    assertThat(values(queue.next(MOST, 5))).containsExactly("1");
  }

  @Test
  void recordsThatGoAgain_comeBeforeThoseBehindThem() {
    add("a", "1");
    add("a", "2");
    var batch = queue.next(MOST, MOST);
    add("a", "3");

    queue.settle(batch, batch);

    assertThat(values(queue.next(MOST, MOST))).containsExactly("1", "2", "3");
  }

  @Test
  void lateRecords_areTakenOut() {
    queue.add(record("a", "late", 5));
    queue.add(record("b", "early", 50));
    queue.add(record("", "late too", 5));

    assertThat(values(queue.expire(10))).containsExactlyInAnyOrder("late", "late too");
    assertThat(values(queue.next(MOST, MOST))).containsExactly("early");
    assertThat(queue.clear()).isEmpty();
  }
}
