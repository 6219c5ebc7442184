package io.liiklus.storage.kafka.positions;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.kafka.client.KafkaFailures;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that keeps the view up to date: prepares the topic, has the producer opened, polls,
 * looks after the topic, and begins again where it left off after a failure. Thread-safe.
 *
 * <p>Threads: all is done on its own thread, but for {@link #requireReady}, reads of the {@link
 * #barrier} and {@link #close}.
 */
final class PositionsReader {

  private static final Logger log = LoggerFactory.getLogger(PositionsReader.class);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration REST = Duration.ofMillis(500);
  private static final Duration METADATA_REST = Duration.ofMillis(20);
  private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  private final PositionsSettings settings;
  private final PositionsTopic topic;
  private final TopicIdentity identity;
  private final PositionsView view;
  private final PositionsWriter writer;
  private final PositionsConsumer consumer;
  private final ReadBarrier barrier;
  private final Thread thread = new Thread(this::run, "liiklus-positions");

  // Any thread.
  /** The outcome of the attempt to prepare that is under way; a failed one sets the fault first. */
  private volatile CompletableFuture<Void> prepared = new CompletableFuture<>();

  private volatile StorageException fault;
  private volatile boolean isClosed;

  // Own thread only.
  private final long startNs = System.nanoTime();
  private boolean isPrepared;
  private boolean isLoaded;
  private long loadedAt;
  private String loggedReason = "";
  private long loggedNs;
  private long lookedNs = startNs;
  private long checkedNs = startNs;

  PositionsReader(
      PositionsSettings settings,
      PositionsTopic topic,
      TopicIdentity identity,
      PositionsView view,
      PositionsWriter writer,
      PositionsConsumer consumer) {
    this.settings = settings;
    this.topic = topic;
    this.identity = identity;
    this.view = view;
    this.writer = writer;
    this.consumer = consumer;
    this.barrier = new ReadBarrier(view, this::end);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** For reads of the view. */
  ReadBarrier barrier() {
    return barrier;
  }

  /** Where the topic ends now; waits for the first attempt to prepare it. */
  private CompletionStage<Long> end() {
    var attempt = prepared;
    var failure = whyNot();
    return failure.isPresent()
        ? CompletableFuture.failedStage(failure.get())
        : attempt.thenCompose(ready -> topic.end());
  }

  /** Why nothing may be answered, if so. */
  private Optional<StorageException> whyNot() {
    if (isClosed) {
      return Optional.of(closed());
    }
    return identity.fault().or(() -> Optional.ofNullable(fault));
  }

  /** Fails where nothing may be stored. */
  void requireReady() {
    var failure = whyNot();
    if (failure.isPresent()) {
      throw failure.get();
    }
    if (!isReady()) {
      throw notAnswered();
    }
    if (settings.isReadOnly()) {
      throw new StorageException(Kind.PRECONDITION, "the positions were opened to be read alone");
    }
  }

  private boolean isReady() {
    var attempt = prepared;
    return attempt.isDone() && !attempt.isCompletedExceptionally();
  }

  private StorageException notAnswered() {
    return new StorageException(Kind.UNAVAILABLE, "Kafka has not answered yet, " + at());
  }

  private String at() {
    return "at=" + settings.clients().bootstrapServers();
  }

  /** Why a read had no answer in time, as far as that is known. */
  StorageException late() {
    return whyNot()
        .or(() -> isReady() ? barrier.lastFailure() : Optional.of(notAnswered()))
        .orElseGet(this::unread);
  }

  private StorageException unread() {
    var text =
        barrier.isAsking()
            ? "Kafka did not tell in time where the positions topic ends, topic=%s %s"
                .formatted(settings.topic(), at())
            : "the positions topic is not read to its end yet, topic=%s readUpTo=%d"
                .formatted(settings.topic(), view.end());
    return new StorageException(Kind.UNAVAILABLE, text);
  }

  private void run() {
    while (!isClosed) {
      try {
        step();
      } catch (InterruptException | InterruptedException closing) {
        // It ends.
      } catch (RuntimeException | Error failure) {
        onFailure(failure);
      }
    }
    consumer.close(settings.closeTimeout());
    prepared.completeExceptionally(closed());
  }

  private static StorageException closed() {
    return new StorageException(Kind.CLOSED, "the positions storage was closed");
  }

  private void step() throws InterruptedException {
    if (identity.isLost()) {
      consumer.close(settings.closeTimeout());
      // Its refreshes would have brokers make the topic again, where they do that.
      writer.close(settings.closeTimeout());
      rest(REST);
      return;
    }
    if (!isPrepared) {
      prepare();
    }
    consumer.poll(POLL);
    fault = null;
    tellOnceLoaded();
    barrier.onProgress();
    look();
  }

  private void prepare() throws InterruptedException {
    topic.prepare();
    if (!settings.isReadOnly()) {
      openWriter();
    }
    loadedAt = topic.awaitEnd();
    isPrepared = true;
    fault = null;
    prepared.complete(null);
  }

  private void openWriter() throws InterruptedException {
    long startNs = System.nanoTime();
    while (!writer.open()) {
      if (System.nanoTime() - startNs >= settings.callTimeout().toNanos()) {
        throw new StorageException(
            Kind.UNAVAILABLE,
            "Kafka does not tell the producer where the positions topic is, topic="
                + settings.topic());
      }
      rest(METADATA_REST);
    }
  }

  private void tellOnceLoaded() {
    if (isLoaded || view.end() < loadedAt) {
      return;
    }
    isLoaded = true;
    log.info(
        "positions read, topic={} positions={} tookMs={}",
        settings.topic(),
        view.size(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
  }

  /** The topic is looked at also while nobody asks for a position. */
  private void look() {
    long nowNs = System.nanoTime();
    if (nowNs - lookedNs >= LOOK_NS) {
      lookedNs = nowNs;
      var unused = topic.look();
    }
    if (nowNs - checkedNs >= LOG_NS) {
      checkedNs = nowNs;
      topic.tellOfCleanup();
    }
    if (!isLoaded && identity.fault().isPresent()) {
      // Nothing was answered yet: a broker told of a topic that was there before.
      consumer.close(settings.closeTimeout());
      view.restart();
      isPrepared = false;
    }
  }

  private void onFailure(Throwable failure) {
    var reason = KafkaFailures.of(failure);
    if (isPrepared) {
      fault = KafkaFailures.waitedOut(reason);
    } else {
      onNotPrepared(reason);
    }
    if (isToLog(reason)) {
      if (reason.kind() == Kind.INTERNAL) {
        log.error("reading positions failed by a fault of the gateway, trying on", failure);
      } else {
        log.error(
            "the positions topic cannot be used, trying on, topic={} reason={} (logged once a"
                + " minute)",
            settings.topic(),
            reason.getMessage());
      }
    }
    consumer.close(settings.closeTimeout());
    try {
      rest(REST);
    } catch (InterruptedException closing) {
      // It ends.
    }
  }

  private void onNotPrepared(StorageException reason) {
    fault =
        reason.kind() == Kind.UNAVAILABLE
            ? new StorageException(reason.kind(), reason.getMessage() + ", " + at(), reason)
            : reason;
    var failed = prepared;
    prepared = new CompletableFuture<>();
    failed.completeExceptionally(fault);
  }

  /** That Kafka is away is logged by the watch of all storages. */
  private boolean isToLog(StorageException reason) {
    long nowNs = System.nanoTime();
    boolean isTold = reason.getMessage().equals(loggedReason) && nowNs - loggedNs < LOG_NS;
    if (reason.kind() == Kind.UNAVAILABLE || isTold) {
      return false;
    }
    loggedReason = reason.getMessage();
    loggedNs = nowNs;
    return true;
  }

  private static void rest(Duration rest) throws InterruptedException {
    Thread.sleep(rest.toMillis());
  }

  /** Ends the thread, within the bound. */
  void close() {
    isClosed = true;
    thread.interrupt();
    try {
      thread.join(settings.closeTimeout().toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
