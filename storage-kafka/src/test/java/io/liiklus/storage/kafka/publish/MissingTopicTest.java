package io.liiklus.storage.kafka.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MissingTopicTest {

  private static final Duration NEVER = Duration.ofDays(1);

  private final Deque<CompletableFuture<Integer>> requests = new ArrayDeque<>();
  private final List<StorageException> told = new ArrayList<>();
  private Optional<Boolean> createsTopics = Optional.of(false);

  private final TopicLookups lookups =
      new TopicLookups(
          names -> {
            var count = new CompletableFuture<Integer>();
            requests.add(count);
            return Map.of(names.get(0), count);
          });

  @Test
  void oneUnknownLook_isNotBelieved() {
    var topic = missing(NEVER);

    look(topic, 0);
    assertThat(told).isEmpty();

    look(topic, 0);
    assertThat(told)
        .extracting(StorageException::kind, StorageException::getMessage)
        .containsExactly(
            tuple(Kind.UNKNOWN_TOPIC, "there is no topic t, and Kafka does not create it"));
  }

  @Test
  void topicThatWasThereInBetween_isLookedForTwiceAgain() {
    var topic = missing(NEVER);

    look(topic, 0);
    look(topic, 3);
    look(topic, 0);
    assertThat(told).isEmpty();

    look(topic, 0);
    assertThat(told).hasSize(1);
  }

  @Test
  void brokersThatMayCreateTheTopic_haveTimeForIt() {
    createsTopics = Optional.of(true);
    var patient = missing(NEVER);
    look(patient, 0);
    look(patient, 0);
    createsTopics = Optional.empty();
    look(patient, 0);
    assertThat(told).isEmpty();

    var overdue = missing(Duration.ofNanos(-1));
    look(overdue, 0);
    look(overdue, 0);
    assertThat(told).hasSize(1);
  }

  @Test
  void passingFailure_isNotTheTopics() {
    var topic = missing(NEVER);
    topic.look(told::add);
    requests.remove().completeExceptionally(new StorageException(Kind.UNAVAILABLE, "is away"));
    assertThat(told).isEmpty();

    topic.look(told::add);
    requests.remove().completeExceptionally(new StorageException(Kind.REFUSED, "no right"));
    assertThat(told).extracting(StorageException::kind).containsExactly(Kind.REFUSED);
  }

  @Test
  void looksAtATime_areOne() {
    var topic = missing(NEVER);

    topic.look(told::add);
    topic.look(told::add);
    requests.remove().complete(0);

    assertThat(requests).isEmpty();
  }

  private MissingTopic missing(Duration creation) {
    var brokers = new TopicCreation(() -> CompletableFuture.completedStage(createsTopics), () -> 0);
    return new MissingTopic("t", lookups, brokers, creation);
  }

  private void look(MissingTopic topic, int partitions) {
    topic.look(told::add);
    requests.remove().complete(partitions);
  }
}
