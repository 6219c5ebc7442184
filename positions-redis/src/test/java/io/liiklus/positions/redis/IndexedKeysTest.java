package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class IndexedKeysTest {

  private final IndexedKeys indexed = new IndexedKeys();
  private final List<String> sent = new ArrayList<>();
  private CompletableFuture<Void> indexAnswer = new CompletableFuture<>();

  private CompletionStage<Void> write(String key, String value) {
    return indexed.write(
        key,
        () -> {
          sent.add("index " + key);
          return indexAnswer;
        },
        () -> {
          sent.add(key + "=" + value);
          return CompletableFuture.completedFuture(null);
        });
  }

  @Test
  void writes_waitForTheIndexInTheirOrder() {
    var first = write("k", "1");
    write("k", "2");
    write("k", "3");
    assertThat(sent).containsExactly("index k");
    assertThat(first.toCompletableFuture()).isNotDone();
    indexAnswer.complete(null);
    assertThat(sent).containsExactly("index k", "k=1", "k=2", "k=3");
    assertThat(first.toCompletableFuture()).isCompleted();
  }

  @Test
  void key_isIndexedOnce() {
    indexAnswer.complete(null);
    write("k", "1");
    write("k", "2");
    write("l", "3");
    assertThat(sent).containsExactly("index k", "k=1", "k=2", "index l", "l=3");
  }

  @Test
  void keyRefusedByTheIndex_isNotWritten() {
    var first = write("k", "1").toCompletableFuture();
    var second = write("k", "2").toCompletableFuture();
    indexAnswer.completeExceptionally(new IllegalStateException("no"));
    assertThatThrownBy(first::join).hasMessageContaining("no");
    assertThatThrownBy(second::join).hasMessageContaining("no");
    indexAnswer = CompletableFuture.completedFuture(null);
    write("k", "3");
    assertThat(sent).containsExactly("index k", "index k", "k=3");
  }

  @Test
  void forgottenKey_isIndexedAgain() {
    indexAnswer.complete(null);
    write("k", "1");
    indexed.forget();
    write("k", "2");
    assertThat(sent).containsExactly("index k", "k=1", "index k", "k=2");
  }

  @Test
  void knownKeys_stayBounded() {
    indexAnswer.complete(null);
    for (int i = 0; i < 70_000; i++) {
      write("k" + i, "1");
    }
    sent.clear();
    write("k0", "2");
    assertThat(sent).containsExactly("index k0", "k0=2");
  }
}
