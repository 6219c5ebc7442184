package io.liiklus.storage.kafka.publish;

import static io.liiklus.storage.kafka.publish.SteppedPublisher.PATIENCE;
import static io.liiklus.storage.kafka.publish.SteppedPublisher.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Withdrawable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingTopicTest {

  private final SteppedPublisher stepped = new SteppedPublisher();

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void recordsOfUnknownTopic_areSentInOrderWhenItIsKnown() {
    stepped.add("k", "a");
    stepped.add("k", "b");
    stepped.retry();
    assertThat(stepped.producer.sent()).isEmpty();

    stepped.producer.knowsTopics = true;
    stepped.add("k", "c");
    stepped.retry();

    assertThat(stepped.producer.sent()).isEqualTo("abc");
    assertThat(stepped.isRetrying()).isFalse();
  }

  @Test
  void pauses_growWhileTheTopicIsUnknown() {
    stepped.add("k", "a");
    for (int i = 0; i < 6; i++) {
      stepped.retry();
    }
    assertThat(stepped.pauses).containsExactly(20L, 40L, 80L, 160L, 320L, 320L, 320L);

    stepped.producer.knowsTopics = true;
    stepped.cluster.haveLeadersAnswered = false;
    stepped.retry();
    assertThat(stepped.pauses).last().isEqualTo(20L);
  }

  @Test
  void leadersWithoutTheirLogs_areWaitedFor() {
    stepped.cluster.haveLeadersAnswered = false;
    stepped.add("k", "a");
    stepped.producer.knowsTopics = true;

    stepped.retry();

    assertThat(stepped.producer.sent()).isEmpty();
    assertThat(stepped.isRetrying()).isTrue();
  }

  @Test
  void longQueue_isSentWithinOneRetry() {
    int many = 200;
    for (int i = 0; i < many; i++) {
      stepped.add("k", Integer.toString(i % 10));
    }
    stepped.producer.knowsTopics = true;

    // 16 KiB of them wait.
    stepped.retry();

    assertThat(stepped.producer.sent()).startsWith("012345678901").hasSizeGreaterThan(64);
    assertThat(stepped.isRetrying()).isFalse();
  }

  @Test
  void fullProducer_keepsTheRestInOrder() {
    stepped.add("k", "a");
    stepped.producer.knowsTopics = true;
    stepped.producer.isFull = true;
    stepped.retry();
    stepped.add("k", "b");
    assertThat(stepped.producer.sent()).isEmpty();

    stepped.producer.isFull = false;
    stepped.retry();

    assertThat(stepped.producer.sent()).isEqualTo("ab");
  }

  @Test
  void recordPastTheBound_isFullAndTheOthersStay() {
    var waiting = new ArrayList<CompletableFuture<PublishedRecord>>();
    var last = stepped.publish("k", "x".repeat(4_000));
    while (!last.isDone()) {
      waiting.add(last);
      last = stepped.publish("k", "x".repeat(4_000));
    }

    assertThat(failure(last).kind()).isEqualTo(Kind.FULL);
    assertThat(waiting).hasSize(3).noneMatch(CompletableFuture::isDone);

    stepped.producer.knowsTopics = true;
    stepped.retry();
    assertThat(stepped.publish("k", "y")).isNotDone();
  }

  @Test
  void recordThatWaitedTooLong_isSurelyNotStored() {
    var expired = stepped.publish("k", "a", Duration.ofNanos(-1));
    var waiting = stepped.publish("k", "b");

    stepped.retry();

    assertThat(failure(expired).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure(expired).isNotStored()).isTrue();
    assertThat(waiting).isNotDone();
  }

  @Test
  void withdrawnRecord_isNotSentAndLeavesItsRoom() {
    var withdrawn = stepped.publish("k", "x".repeat(10_000));
    stepped.add("k", "b");

    assertThat(((Withdrawable) withdrawn).withdraw()).isTrue();
    assertThat(stepped.publish("k", "c".repeat(10_000))).isNotDone();
    stepped.producer.knowsTopics = true;
    stepped.retry();

    assertThat(stepped.producer.sent()).isEqualTo("b" + "c".repeat(10_000));
    assertThat(((Withdrawable) withdrawn).withdraw()).isFalse();
  }

  @Test
  void refusedLookUp_failsAllThatWait() {
    stepped.cluster.failure = new TopicAuthorizationException("no right");
    var first = stepped.publish("k", "a");
    var second = stepped.publish("k", "b");

    stepped.retry();

    assertThat(failure(first).kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure(second).isNotStored()).isTrue();
    assertThat(stepped.publish("k", "c")).isNotDone();
  }

  @Test
  void close_failsAllThatWait() {
    var waiting = stepped.publish("k", "a");

    stepped.close();

    assertThat(failure(waiting).kind()).isEqualTo(Kind.CLOSED);
    assertThat(failure(stepped.publish("k", "b", PATIENCE)).kind()).isEqualTo(Kind.CLOSED);
  }
}
