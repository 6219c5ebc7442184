package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.stub.StreamObserver;
import io.liiklus.cli.WaitNotice.Cause;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

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
 * The first failure ends the run: nothing more is sent, requests under way are waited for.
 */
final class PublishRun {

  static final int MAX_BYTES_IN_FLIGHT = 8 << 20;

  /** Bounds the records in flight too, to 256. */
  private static final int MIN_COST_BYTES = 32 << 10;

  private static final long DEADLINE_SECONDS = 30;

  /** Silence before a notice; the gateway has one more second to name the cause. */
  private static final long SILENT_MS = 750;

  // Any thread.
  private final Gateway gateway;
  private final Terminal terminal;
  private final ReplyFormat format;
  private final Semaphore budget = new Semaphore(MAX_BYTES_IN_FLIGHT);
  private final CompletableFuture<Long> outcome = new CompletableFuture<>();
  private volatile boolean isEnding;

  // Reading thread only.
  private boolean isFirstSent;

  // Loop only.
  private final Deque<InFlight> inFlight = new ArrayDeque<>();
  private final WaitNotice notice;
  private boolean isFlushAsked;
  private long sent;
  private long published;
  private CliException failure;

  PublishRun(Gateway gateway, Terminal terminal, ReplyFormat format) {
    this.gateway = gateway;
    this.terminal = terminal;
    this.format = format;
    var check = new StorageCheck(gateway);
    this.notice =
        new WaitNotice(
            gateway::schedule,
            terminal,
            SILENT_MS,
            () -> check.ofRecords(inFlight.peek().topic).thenApply(PublishRun::cause));
  }

  /**
   * Sends one record, when there is room for it.
   *
   * @return false where the run is ending and the record was not sent
   */
  boolean publish(PublishRequest request) throws InterruptedException {
    int cost = Math.max(MIN_COST_BYTES, Math.min(request.getSerializedSize(), MAX_BYTES_IN_FLIGHT));
    if (!isFirstSent) {
      // It goes alone: calls made while the channel connects may overtake each other.
      cost = MAX_BYTES_IN_FLIGHT;
      isFirstSent = true;
    }
    budget.acquire(cost);
    if (isEnding) {
      return false;
    }
    int taken = cost;
    gateway.loop().execute(() -> send(request, taken));
    return true;
  }

  /** Nothing more will be published. */
  void finish() {
    gateway.loop().execute(this::end);
  }

  /** Ends the run with a failure that is not the gateway's. */
  void fail(CliException reason) {
    gateway
        .loop()
        .execute(
            () -> {
              failure = failure == null ? reason : failure;
              end();
            });
  }

  /** The cause of a record without an answer. */
  private static Optional<Cause> cause(StorageCheck.Finding found) {
    var unknown = new Cause("the storage answers, and the record is still on its way", "");
    return Optional.of(found.away().orElse(unknown).after("no answer so far, waiting: "));
  }

  /** Number of published records; fails with a {@link CliException}. */
  CompletableFuture<Long> outcome() {
    return outcome;
  }

  private void send(PublishRequest request, int cost) {
    if (isEnding) {
      budget.release(cost);
      return;
    }
    var record = new InFlight(++sent, cost, request.getTopic());
    inFlight.add(record);
    notice.begin();
    gateway.stub().withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).publish(request, record);
  }

  private void end() {
    isEnding = true;
    report();
  }

  /** Reports the answered records at the head of the queue. */
  private void report() {
    while (!inFlight.isEmpty() && inFlight.peek().isDone) {
      var record = inFlight.remove();
      if (record.reply != null) {
        published++;
        format.write(record.reply, terminal.out());
      }
    }
    if (inFlight.isEmpty()) {
      notice.end();
    }
    if (isEnding && inFlight.isEmpty()) {
      // A reader that has gone away is no reason to publish less.
      terminal.out().flush();
      conclude();
    } else if (!isFlushAsked) {
      isFlushAsked = true;
      gateway.loop().execute(this::flush); // Behind the answers that are already here.
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

  /** Record under way. Confined to the loop. */
  private final class InFlight implements StreamObserver<PublishReply> {
    private final long number;
    private final int cost;
    private final String topic;
    private PublishReply reply;
    private boolean isDone;

    private InFlight(long number, int cost, String topic) {
      this.number = number;
      this.cost = cost;
      this.topic = topic;
    }

    @Override
    public void onNext(PublishReply value) {
      reply = value;
      notice.progress();
    }

    @Override
    public void onCompleted() {
      done();
    }

    @Override
    public void onError(Throwable refused) {
      isEnding = true;
      if (failure == null) {
        var line = CliException.of(refused, gateway.address());
        failure =
            sent == 1 ? line : new CliException("record " + number + ": " + line.getMessage());
      }
      done();
    }

    private void done() {
      isDone = true;
      budget.release(cost);
      report();
    }
  }
}
