package io.liiklus.storage.kafka.positions;

import io.liiklus.api.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Reads that see every write that was answered before they were asked for: each waits until the
 * view has come to where the topic ended, as the cluster says when it is asked after that. Reads
 * that wait for the answer of one request share the next one. Thread-safe.
 *
 * <p>Whoever asks bounds how many reads wait, and for how long.
 */
final class ReadBarrier {

  private final PositionsView view;
  private final Supplier<CompletionStage<Long>> topicEnd;

  // Guarded by this.
  private boolean isAsking;
  private List<Read<?>> unasked = new ArrayList<>();
  private final List<Read<?>> waiting = new ArrayList<>();

  /** Any thread. Why the last request failed; null where it did not. */
  private volatile StorageException lastFailure;

  /** One read. Guarded by the barrier, but for its answer. */
  private static final class Read<T> {
    private final Supplier<T> question;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private long end;

    private Read(Supplier<T> question) {
      this.question = question;
    }

    /** Returns whether nothing is waited for any more. */
    private boolean answeredBy(PositionsView view) {
      if (!answer.isDone()) {
        view.answer(end, question).ifPresent(answer::complete);
      }
      return answer.isDone();
    }
  }

  /**
   * @param topicEnd asks where the topic ends; fails where the topic is not what it was
   */
  ReadBarrier(PositionsView view, Supplier<CompletionStage<Long>> topicEnd) {
    this.view = view;
    this.topicEnd = topicEnd;
  }

  /**
   * @param question asks the view
   */
  <T> CompletableFuture<T> read(Supplier<T> question) {
    var read = new Read<>(question);
    synchronized (this) {
      unasked.add(read);
      if (isAsking) {
        return read.answer;
      }
      isAsking = true;
    }
    ask();
    return read.answer;
  }

  /** Whether a request is under way. */
  synchronized boolean isAsking() {
    return isAsking;
  }

  /** Why the last request failed; empty where it did not. */
  Optional<StorageException> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  private void ask() {
    List<Read<?>> asked;
    synchronized (this) {
      asked = unasked;
      unasked = new ArrayList<>();
    }
    var unused =
        requestEnd()
            .whenComplete(
                (end, failure) -> {
                  var reason = failure == null ? null : StorageException.of(failure);
                  lastFailure = reason;
                  if (failure == null) {
                    await(asked, end);
                  } else {
                    asked.forEach(read -> read.answer.completeExceptionally(reason));
                  }
                  askForMore();
                });
  }

  private CompletionStage<Long> requestEnd() {
    try {
      return topicEnd.get();
    } catch (RuntimeException failure) {
      // As an Admin client that was closed throws it: else no read would ever ask again.
      return CompletableFuture.failedStage(failure);
    }
  }

  private void askForMore() {
    synchronized (this) {
      if (unasked.isEmpty()) {
        isAsking = false;
        return;
      }
    }
    ask();
  }

  private void await(List<Read<?>> asked, long end) {
    asked.forEach(read -> read.end = end);
    synchronized (this) {
      waiting.addAll(asked);
    }
    onProgress();
  }

  /** To be called whenever the view has grown, and now and then while it does not. */
  void onProgress() {
    long seen;
    do {
      seen = view.end();
      answerAll();
      // What grew meanwhile may have found nothing that waits.
    } while (view.end() != seen);
  }

  private void answerAll() {
    List<Read<?>> candidates;
    synchronized (this) {
      if (waiting.isEmpty()) {
        return;
      }
      candidates = new ArrayList<>(waiting);
      waiting.clear();
    }
    // Answers run what depends on them, so no lock of ours is held.
    candidates.removeIf(read -> read.answeredBy(view));
    synchronized (this) {
      waiting.addAll(candidates);
    }
  }
}
