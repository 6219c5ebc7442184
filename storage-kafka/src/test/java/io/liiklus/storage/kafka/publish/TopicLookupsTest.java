package io.liiklus.storage.kafka.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class TopicLookupsTest {

  private final List<Map<String, CompletableFuture<Integer>>> requests = new ArrayList<>();
  private final TopicLookups lookups = new TopicLookups(this::request);

  @Test
  void topicsThatComeWhileARequestIsUnderWay_shareTheNextOne() {
    var first = lookups.partitionCount("a").toCompletableFuture();
    var second = lookups.partitionCount("b").toCompletableFuture();
    var third = lookups.partitionCount("c").toCompletableFuture();
    var again = lookups.partitionCount("b").toCompletableFuture();
    assertThat(requests).hasSize(1);

    answer(0, "a", 3);
    assertThat(first).isCompletedWithValue(3);
    assertThat(requests).hasSize(2);
    assertThat(requests.get(1)).containsOnlyKeys("b", "c");

    answer(1, "b", 0);
    assertThat(second).isCompletedWithValue(0);
    assertThat(again).isCompletedWithValue(0);
    requests.get(1).get("c").completeExceptionally(new IllegalStateException("refused"));
    assertThat(third).isCompletedExceptionally();
    assertThat(requests).hasSize(2);
  }

  @Test
  void topicThatIsBeingLookedUp_isLookedUpAnewForALaterCaller() {
    var first = lookups.partitionCount("a").toCompletableFuture();
    var later = lookups.partitionCount("a").toCompletableFuture();

    answer(0, "a", 0);

    assertThat(first).isCompletedWithValue(0);
    assertThat(later).isNotDone();
    answer(1, "a", 1);
    assertThat(later).isCompletedWithValue(1);
  }

  @Test
  void names_areBoundedInARequest() {
    var unused = lookups.partitionCount("first");
    for (int i = 0; i <= TopicLookups.MAX_NAMES; i++) {
      unused = lookups.partitionCount("topic-" + i);
    }

    answer(0, "first", 0);
    assertThat(requests.get(1)).hasSize(TopicLookups.MAX_NAMES).containsKey("topic-0");
    requests.get(1).values().forEach(count -> count.complete(0));
    assertThat(requests.get(2)).containsOnlyKeys("topic-" + TopicLookups.MAX_NAMES);
  }

  @Test
  void lookUpAfterAllWereAnswered_isSentAtOnce() {
    var unused = lookups.partitionCount("a");
    answer(0, "a", 0);

    unused = lookups.partitionCount("a");

    assertThat(requests).hasSize(2);
  }

  private void answer(int request, String topic, int count) {
    requests.get(request).get(topic).complete(count);
  }

  private Map<String, CompletionStage<Integer>> request(List<String> topics) {
    var counts = new HashMap<String, CompletableFuture<Integer>>();
    topics.forEach(topic -> counts.put(topic, new CompletableFuture<>()));
    requests.add(counts);
    return new HashMap<>(counts);
  }
}
