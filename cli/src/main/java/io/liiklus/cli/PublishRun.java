package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.Status;
import io.liiklus.cli.WaitNotice.Cause;
import io.liiklus.client.ClientListener;
import io.liiklus.client.PublishException;
import io.liiklus.client.Publisher;
import io.liiklus.client.PublisherOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes records, many at a time within a bound, and reports in their order where each is
 * stored. Thread-safe.
 *
 * <pre>
 * Threads:
 *   one that reads values   publish, finish; waits where the bound is reached
 *   the gateway's loop      all else
 *   any                     stop
 * </pre>
 *
 * The first failure ends the run: nothing more is sent, requests under way are waited for. A
 * gateway that is not there is no failure before the patience is over.
 */
final class PublishRun implements ClientListener {

  /** Records that wait or are on their way, and their bytes. */
  static final int MAX_RECORDS = 1_000;

  static final int MAX_BYTES = 8 << 20;

  /** Silence before a notice; the gateway has one more second to name the cause. */
  private static final long SILENT_MS = 750;

  // Any thread, from the start on.
  private final Terminal terminal;
  private final ReplyFormat format;
  private final Duration patience;
  private final CompletableFuture<Long> outcome = new CompletableFuture<>();
  private Gateway gateway;
  private Publisher publisher;
  private volatile boolean isEnding;

  /** Records that were sent, or are to be. */
  private final AtomicLong begun = new AtomicLong();

  // Loop only.
  private final Deque<InFlight> inFlight = new ArrayDeque<>();
  private WaitNotice notice;
  private StorageCheck storages;
  private Status away; // Null while a gateway is there, as far as that is known.
  private boolean isAwaySaid;
  private boolean isFlushAsked;
  private long sent;
  private long published;
  private CliException failure;

  /**
   * @param patience how long a record is tried while no gateway is there
   */
  PublishRun(Terminal terminal, ReplyFormat format, Duration patience) {
    this.terminal = terminal;
    this.format = format;
    this.patience = patience;
  }

  /** Is called once, before all else. */
  void start(Gateway opened) {
    gateway = opened;
    storages = new StorageCheck(gateway);
    notice =
        new WaitNotice(gateway::schedule, terminal, SILENT_MS, "going on", this::causeOfSilence);
    publisher =
        gateway
            .client()
            .publisher(
                PublisherOptions.DEFAULTS
                    .withRoom(MAX_RECORDS, MAX_BYTES)
                    .withTimeout(patience)
                    .withCallbacks(gateway.loop()));
  }

  private CompletionStage<Optional<Cause>> causeOfSilence() {
    return away == null
        ? storages.ofRecords(inFlight.element().topic()).thenApply(PublishRun::cause)
        : CompletableFuture.completedStage(Optional.empty());
  }

  /** The cause of a record without an answer. */
  private static Optional<Cause> cause(StorageCheck.Finding found) {
    var unknown = new Cause("the storage answers, and the record is still on its way", "");
    return Optional.of(found.away().orElse(unknown).after("no answer so far, waiting: "));
  }

  /**
   * Sends one record, when there is room for it.
   *
   * @return false where the run is ending and the record was not sent
   */
  boolean publish(PublishRequest request) {
    begun.incrementAndGet();
    if (isEnding) {
      begun.decrementAndGet();
      onLoop(this::report);
      return false;
    }
    var answer = publisher.publish(request);
    onLoop(() -> add(new InFlight(++sent, request.getTopic(), answer)));
    return true;
  }

  /** Not where the run is over. */
  private void onLoop(Runnable task) {
    try {
      gateway.loop().execute(task);
    } catch (RejectedExecutionException closed) {
      // So is the gateway.
    }
  }

  /** Nothing more will be published. */
  void finish() {
    onLoop(this::end);
  }

  /** Ends the run with a failure that is not the gateway's. */
  void fail(CliException reason) {
    onLoop(() -> failNow(reason));
  }

  private void failNow(CliException reason) {
    failure = failure == null ? reason : failure;
    end();
  }

  /** Number of published records; fails with a {@link CliException}. */
  CompletableFuture<Long> outcome() {
    return outcome;
  }

  /** Record under way. Immutable. */
  private record InFlight(long number, String topic, CompletableFuture<PublishReply> answer) {}

  private void add(InFlight record) {
    inFlight.add(record);
    notice.begin();
    var unused = record.answer().whenComplete((reply, refused) -> onAnswer(record, refused));
  }

  /** On the loop, where the client completes its answers. */
  private void onAnswer(InFlight record, Throwable refused) {
    if (refused == null) {
      notice.progress();
    } else {
      isEnding = true;
      if (failure == null) {
        var line = describe((PublishException) refused);
        failure = new CliException(sent == 1 ? line : "record " + record.number() + ": " + line);
      }
    }
    report();
  }

  private String describe(PublishException refused) {
    boolean isNeverSent = refused.isNotStored() && away != null;
    var status = isNeverSent ? away : CallEnd.of(refused.status());
    return CliException.describe(status, gateway.address());
  }

  @Override
  public void onConnected(String call) {
    onLoop(
        () -> {
          away = null;
          if (isAwaySaid) {
            isAwaySaid = false;
            terminal.say("going on");
          }
        });
  }

  @Override
  public void onDisconnected(String call, Status status) {
    onLoop(() -> onAway(CallEnd.of(status)));
  }

  private void onAway(Status status) {
    away = status;
    var line = CliException.describe(status, gateway.address());
    if (CliException.isLasting(status)) {
      failNow(new CliException(line));
      publisher.close(Duration.ZERO);
    } else if (status.getCode() == Status.Code.UNAVAILABLE && !isAwaySaid && !isEnded()) {
      isAwaySaid = true;
      terminal.say(line + "; waiting " + patience.toSeconds() + " s for a gateway");
    }
  }

  private boolean isEnded() {
    return isEnding && inFlight.isEmpty() && sent == begun.get();
  }

  private void end() {
    isEnding = true;
    report();
  }

  /** Reports the answered records at the head of the queue. */
  private void report() {
    while (!inFlight.isEmpty() && inFlight.element().answer().isDone()) {
      var answer = inFlight.remove().answer();
      if (!answer.isCompletedExceptionally()) {
        published++;
        format.write(answer.join(), terminal.out());
      }
    }
    if (inFlight.isEmpty()) {
      notice.end();
    }
    if (isEnded()) {
      // A reader that has gone away is no reason to publish less.
      terminal.out().flush();
      conclude();
    } else if (!isFlushAsked) {
      isFlushAsked = true;
      onLoop(this::flush); // Behind the answers that are already here.
    }
  }

  private void flush() {
    isFlushAsked = false;
    terminal.out().flush();
  }

  private void conclude() {
    if (failure == null) {
      outcome.complete(published);
    } else if (published == 0) {
      outcome.completeExceptionally(failure);
    } else {
      outcome.completeExceptionally(
          new CliException(
              failure.getMessage() + " (" + published + " of " + sent + " sent were published)"));
    }
  }
}
