package io.liiklus.storage.kafka.publish;

import static io.liiklus.storage.kafka.publish.SteppedPublisher.TOPIC;
import static io.liiklus.storage.kafka.publish.SteppedPublisher.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException.Kind;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicPublisherTest {

  private final SteppedPublisher stepped = new SteppedPublisher();

  @BeforeEach
  void topicIsKnown() {
    stepped.producer.knowsTopics = true;
  }

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void recordOfKnownTopic_isSentAtOnceAndAnsweredWithItsOffset() {
    var first = stepped.publish("k", "a");
    var second = stepped.publish(null, "b");
    assertThat(stepped.producer.sent()).isEqualTo("ab");
    assertThat(first).isNotDone();

    stepped.producer.completeNext();
    stepped.producer.completeNext();

    assertThat(first.join().offset()).isZero();
    assertThat(second.join().offset()).isEqualTo(1);
    assertThat(stepped.isRetrying()).isFalse();
  }

  @Test
  void neighboursOfRefusedRecord_areSentAgainBeforeAllThatCameLater() {
    var a = stepped.publish("a", "a");
    var refused = stepped.publish("b", "b");
    stepped.add("c", "c");
    stepped.producer.errorNext(neighbour());
    stepped.add("d", "d");
    stepped.retry();
    assertThat(stepped.producer.sent()).as("others are on their way").isEqualTo("abc");

    stepped.producer.errorNext(new InvalidRecordException("bad"));
    stepped.producer.errorNext(neighbour());
    stepped.retry();
    assertThat(stepped.producer.sent()).as("by themselves").isEqualTo("abc" + "ac");

    stepped.producer.completeNext();
    stepped.producer.completeNext();
    stepped.retry();

    assertThat(stepped.producer.sent()).isEqualTo("abc" + "ac" + "d");
    assertThat(a).isCompleted();
    assertThat(failure(refused).kind()).isEqualTo(Kind.BAD_RECORD);
    assertThat(failure(refused).isNotStored()).isTrue();
  }

  @Test
  void neighbourThatIsOvertakenByItsKey_isNotSentAgain() {
    var overtaken = stepped.publish("k", "a");
    var other = stepped.publish("other", "b");
    var later = stepped.publish("k", "c");
    stepped.producer.errorNext(neighbour());
    stepped.producer.errorNext(neighbour());
    stepped.producer.completeNext();

    stepped.retry();

    assertThat(stepped.producer.sent()).isEqualTo("abc" + "b");
    assertThat(later).isCompleted();
    assertThat(other).isNotDone();
    assertThat(failure(overtaken).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure(overtaken)).hasMessageContaining("later record of the key; publish again");
  }

  @Test
  void recordWithoutKey_isNotSentToATopicThatRefusedOne() {
    stepped.cluster.cleanupPolicy = "compact";
    var first = stepped.publish(null, "a");
    stepped.producer.errorNext(new InvalidRecordException("a record without key"));
    var second = stepped.publish(null, "b");
    stepped.add("k", "c");

    assertThat(failure(first).kind()).isEqualTo(Kind.BAD_RECORD);
    assertThat(failure(second).kind()).isEqualTo(Kind.BAD_RECORD);
    assertThat(failure(second)).hasMessageContaining("is compacted (cleanup.policy)");
    assertThat(stepped.producer.sent()).isEqualTo("ac");
  }

  @Test
  void fullProducer_refusesUntilARecordIsAnswered() {
    var room = new AtomicInteger();
    stepped.publisher.onRoom(room::incrementAndGet);
    stepped.add("k", "a");
    stepped.producer.isFull = true;

    var refused = stepped.publish("k", "b");

    assertThat(failure(refused).kind()).isEqualTo(Kind.FULL);
    assertThat(failure(refused)).hasMessageContaining("kafka.properties.buffer.memory");
    assertThat(room).hasValue(0);
    stepped.producer.completeNext();
    assertThat(room).hasValue(1);
  }

  @Test
  void unusedTopic_isForgottenWhenNothingIsOnItsWay() {
    var topic = stepped.publisher.topicPublisher(TOPIC);
    stepped.add("k", "a");
    stepped.publisher.forgetUnused();
    stepped.publisher.forgetUnused();
    assertThat(stepped.publisher.topicPublisher(TOPIC)).isSameAs(topic);

    stepped.producer.completeNext();
    stepped.publisher.forgetUnused();

    assertThat(stepped.publisher.topicPublisher(TOPIC)).isNotSameAs(topic);
  }

  @Test
  void callerThatStillHasAForgottenTopic_queuesBehindItsSuccessor() {
    var forgotten = stepped.publisher.topicPublisher(TOPIC);
    forgotten.retire();
    stepped.producer.knowsTopics = false;
    var first = stepped.publish("k", "a");

    var second =
        new PendingPublish(
            new RecordToPublish(TOPIC, null, new byte[] {'b'}, List.of()),
            SteppedPublisher.PATIENCE,
            forgotten);
    forgotten.publish(second);
    stepped.producer.knowsTopics = true;
    stepped.retry();

    assertThat(stepped.producer.sent()).isEqualTo("ab");
    stepped.producer.completeNext();
    stepped.producer.completeNext();
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
  }

  /** As Kafka's producer fails the valid records of a batch that was refused for another one. */
  private static KafkaException neighbour() {
    return new KafkaException("Failed to append record because it was part of a batch which had 1");
  }
}
