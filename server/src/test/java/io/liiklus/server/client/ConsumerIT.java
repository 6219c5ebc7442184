package io.liiklus.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import io.liiklus.client.ReceivedRecord;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a consumer of the client library does with records. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
@SuppressWarnings("try") // A consumer acts as long as it is open.
class ConsumerIT extends ConsumerFixture {

  @Test
  void records_areHandledInOrderAndAcknowledged() {
    publish(0, RECORDS);
    try (var consumer = client.consumer(topic, GROUP).handle(handled::add)) {
      awaitHandled(RECORDS);
      publish(RECORDS, 100);
      awaitHandled(RECORDS + 100);
      awaitAcked();
      assertThat(consumer.ended()).isNotDone();
    }
    requireInOrder(RECORDS + 100);
  }

  @Test
  void closedConsumer_hasAcknowledgedWhatItHandled() {
    publish(0, RECORDS);
    try (var consumer = client.consumer(topic, GROUP).batchRecords(10).handle(handled::add)) {
      awaitHandled(50);
    }
    int first = handled.size();
    try (var consumer = client.consumer(topic, GROUP).handle(handled::add)) {
      awaitHandled(RECORDS);
      awaitAcked();
    }
    assertThat(first).isPositive();
    requireInOrder(RECORDS);
  }

  @Test
  void recordsOfKeys_areHandledAtOnceAndEachKeyInOrder() {
    publish(0, RECORDS);
    try (var consumer = client.consumer(topic, GROUP).byKey().parallelism(8).handle(handled::add)) {
      awaitHandled(RECORDS);
      awaitAcked();
    }
    requireInOrder(RECORDS);
  }

  @Test
  void batches_areOfOnePartition() {
    publish(0, RECORDS);
    var sizes = new ConcurrentLinkedQueue<Integer>();
    try (var consumer =
        client
            .consumer(topic, GROUP)
            .batchRecords(50)
            .handleBatches(
                batch -> {
                  sizes.add(batch.size());
                  assertThat(batch)
                      .extracting(ReceivedRecord::partition)
                      .containsOnly(batch.get(0).partition());
                  handled.addAll(batch);
                })) {
      awaitHandled(RECORDS);
      awaitAcked();
    }
    assertThat(sizes).allMatch(size -> size <= 50).anyMatch(size -> size > 1);
    requireInOrder(RECORDS);
  }

  @Test
  void events_comeAsSuchAndOtherRecordsAsTheyAre() {
    var key = ByteString.copyFromUtf8("one partition");
    var raw = PublishRequest.newBuilder().setTopic(topic).setKey(key).setValue(text("raw")).build();
    var event =
        LiiklusEvent.newBuilder()
            .setId("id")
            .setType("type")
            .setSource("/source")
            .setDataContentType("text/plain")
            .setData(text("data"))
            .putExtensions("tenant", "t")
            .build();
    var ofEvent =
        raw.toBuilder()
            .clearValue()
            .setLiiklusEvent(event)
            .addHeaders(Header.newBuilder().setKey("h").setValue(text("1")))
            .build();
    for (var record : List.of(raw, ofEvent, ofEvent, raw, raw, ofEvent)) {
      client.publisher().publish(record).join();
    }
    try (var consumer = client.consumer(topic, GROUP).events().handle(handled::add)) {
      awaitHandled(6);
      awaitAcked();
    }
    assertThat(handled).extracting(ReceivedRecord::offset).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(handled)
        .extracting(record -> record.event().isPresent())
        .containsExactly(false, true, true, false, false, true);
    for (var record : handled) {
      assertThat(record.key()).isEqualTo(key);
      assertThat(record.value().toStringUtf8())
          .isEqualTo(record.event().isPresent() ? "data" : "raw");
      record.event().ifPresent(found -> assertThat(found).isEqualTo(event));
      assertThat(record.headers()).hasSize(record.event().isPresent() ? 1 : 0);
      assertThat(record.timestamp()).isPresent();
    }
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  @Test
  void consumerWithoutAcks_storesNothingAndGoesOnPastItsWindow() {
    publish(0, RECORDS);
    try (var consumer =
        client.consumer(topic, GROUP).withoutAcks().maxUnackedRecords(10).handle(handled::add)) {
      awaitHandled(RECORDS);
    }
    requireInOrder(RECORDS);
    assertThat(plain.offsets(topic, GROUP, 0)).isEmpty();
  }

  @Test
  void closeWithABound_saysThatAHandlerIsNotThrough() throws Exception {
    publish(0, 1);
    var isEntered = new CountDownLatch(1);
    var isInterrupted = new CountDownLatch(1);
    var consumer =
        client
            .consumer(topic, GROUP)
            .handle(
                record -> {
                  isEntered.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException asked) {
                    isInterrupted.countDown();
                  }
                });
    assertThat(isEntered.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(consumer.close(Duration.ofMillis(100))).isFalse();

    assertThat(isInterrupted.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(consumer.ended()).failsWithin(Duration.ofSeconds(30));
  }

  @Test
  void asyncHandler_isWaitedFor() {
    publish(0, RECORDS);
    try (var consumer =
        client
            .consumer(topic, GROUP)
            .handleAsync(record -> CompletableFuture.runAsync(() -> handled.add(record)))) {
      awaitHandled(RECORDS);
      awaitAcked();
    }
    requireInOrder(RECORDS);
  }

  @Test
  void atMostOnce_isAcknowledgedBeforeTheHandler() {
    publish(0, 100);
    var unacked = new ConcurrentLinkedQueue<ReceivedRecord>();
    try (var consumer =
        client
            .consumer(topic, GROUP)
            .atMostOnce()
            .handle(
                record -> {
                  var position = plain.offsets(topic, GROUP, 0).get(record.partition());
                  if (position == null || position < record.offset()) {
                    unacked.add(record);
                  }
                  handled.add(record);
                  throw new IllegalStateException("is not tried again");
                })) {
      awaitHandled(100);
    }
    assertThat(unacked).isEmpty();
    requireInOrder(100);
  }

  @Test
  void flow_givesAsManyAsAreAskedFor() throws Exception {
    publish(0, 20);
    var subscription = new AtomicReference<Flow.Subscription>();
    var isSubscribed = new CountDownLatch(1);
    var isComplete = new CountDownLatch(1);
    client
        .consumer(topic, GROUP)
        .publisher()
        .subscribe(
            new Flow.Subscriber<>() {
              @Override
              public void onSubscribe(Flow.Subscription begun) {
                subscription.set(begun);
                isSubscribed.countDown();
              }

              @Override
              public void onNext(ReceivedRecord record) {
                handled.add(record);
              }

              @Override
              public void onError(Throwable failure) {
                throw new AssertionError(failure);
              }

              @Override
              public void onComplete() {
                isComplete.countDown();
              }
            });
    assertThat(isSubscribed.await(30, TimeUnit.SECONDS)).isTrue();
    subscription.get().request(3);
    awaitHandled(3);
    // Nothing more is asked for, however much is there.
    client.publisher().publish("other", "key", "value").join();
    assertThat(handled).hasSize(3);

    subscription.get().request(17);
    awaitHandled(20);
    awaitAcked();
    subscription.get().cancel();

    assertThat(isComplete.await(30, TimeUnit.SECONDS)).isTrue();
    requireInOrder(20);
  }

  @Test
  void slowHandler_isGivenNoMoreThanItsWindow() {
    publish(0, RECORDS);
    var most = new AtomicInteger();
    var seen = new HashSet<List<Object>>();
    try (var consumer =
        client
            .consumer(topic, GROUP)
            .batchRecords(10)
            .maxUnackedRecords(20)
            .handle(
                record -> {
                  synchronized (seen) {
                    seen.add(List.of(record.partition(), record.offset()));
                    most.set(seen.size());
                  }
                  handled.add(record);
                })) {
      awaitHandled(RECORDS);
      awaitAcked();
    }
    assertThat(most.get()).isEqualTo(RECORDS);
    requireInOrder(RECORDS);
  }
}
