package io.liiklus.storage.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SharedLookupsTest {

  private final List<CompletableFuture<String>> requests = new ArrayList<>();
  private final SharedLookups<String> lookups = new SharedLookups<>(this::request);

  @Test
  void callersWhileALookUpIsUnderWay_shareTheNextOne() {
    var first = lookups.look("a").toCompletableFuture();
    var second = lookups.look("a").toCompletableFuture();
    var third = lookups.look("a").toCompletableFuture();
    assertThat(requests).hasSize(1);

    requests.get(0).complete("old");
    assertThat(first).isCompletedWithValue("old");
    assertThat(second).isNotDone();
    assertThat(requests).hasSize(2);

    requests.get(1).complete("new");
    assertThat(second).isCompletedWithValue("new");
    assertThat(third).isCompletedWithValue("new");
    assertThat(requests).hasSize(2);
  }

  @Test
  void otherName_doesNotWait() {
    var unused = lookups.look("a");
    unused = lookups.look("b");

    assertThat(requests).hasSize(2);
  }

  @Test
  void serverThatIsAway_failsThoseThatWaitToo() {
    var first = lookups.look("a").toCompletableFuture();
    var second = lookups.look("a").toCompletableFuture();

    requests.get(0).completeExceptionally(new StorageException(Kind.UNAVAILABLE, "away"));

    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompletedExceptionally();
    assertThat(requests).hasSize(1);
    var later = lookups.look("a").toCompletableFuture();
    requests.get(1).complete("back");
    assertThat(later).isCompletedWithValue("back");
  }

  @Test
  void refusal_isOnlyOfThoseThatItWasAskedFor() {
    var first = lookups.look("a").toCompletableFuture();
    var second = lookups.look("a").toCompletableFuture();

    requests.get(0).completeExceptionally(new StorageException(Kind.REFUSED, "no right"));

    assertThat(first).isCompletedExceptionally();
    requests.get(1).complete("granted");
    assertThat(second).isCompletedWithValue("granted");
  }

  private CompletionStage<String> request(String name) {
    requests.add(new CompletableFuture<>());
    return requests.get(requests.size() - 1);
  }
}
