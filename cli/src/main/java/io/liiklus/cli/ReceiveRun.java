package io.liiklus.cli;

import io.grpc.Status;
import io.liiklus.cli.WaitNotice.Cause;
import io.liiklus.client.ClientListener;
import io.liiklus.client.ReceivedRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Member of a group that prints its records until something ends it: when they are as many as were
 * asked for, when standard output is closed, or when stopped. Thread-safe.
 *
 * <p>A record is acknowledged when standard output has taken it. At the end what was printed is
 * acknowledged, then the group is left. A gateway that is away is waited for.
 *
 * <pre>
 * Threads:
 *   the command's        run
 *   the handler's        print
 *   the gateway's loop   what is said meanwhile
 *   any                  stop
 * </pre>
 */
final class ReceiveRun implements ClientListener {

  /** Longer than the gateway takes for the last acks, at the most. */
  private static final Duration LAST_ACKS = Duration.ofSeconds(7);

  private static final long NOTICE_MS = 200;

  /** Longer than a group takes to share its partitions out. */
  private static final long SILENT_MS = 5_000;

  private static final long UNACKED_MS = 2_000;

  // Any thread.
  private final Terminal terminal;
  private final RecordFormat format;
  private final ReceivePlan plan;
  private final CompletableFuture<Long> end = new CompletableFuture<>();
  private final AtomicLong printed = new AtomicLong();
  private final Map<Integer, Long> lastPrinted = new ConcurrentHashMap<>();
  private Gateway gateway;
  private WaitNotice silence;
  private WaitNotice ackDelay;

  // Loop only.
  private StorageCheck storages;
  private final Set<Integer> partitions = new HashSet<>();
  private final Map<Integer, Long> acked = new HashMap<>();
  private boolean isNoticeAsked;
  private boolean isAwaySaid;

  ReceiveRun(Terminal terminal, RecordFormat format, ReceivePlan plan) {
    this.terminal = terminal;
    this.format = format;
    this.plan = plan;
  }

  /**
   * Returns the number of records printed.
   *
   * @throws CliException where something else than a wish has ended it
   */
  long run(Gateway opened) throws InterruptedException {
    gateway = opened;
    storages = new StorageCheck(gateway);
    silence =
        new WaitNotice(gateway::schedule, terminal, SILENT_MS, "going on", this::causeOfSilence);
    ackDelay =
        new WaitNotice(gateway::schedule, terminal, UNACKED_MS, "acks go on", this::causeOfDelay);
    var consumer = plan.consumer(gateway.client()).handle(this::print);
    var unused = consumer.ended().whenComplete((closed, refused) -> onRefused(refused));
    boolean isAcked;
    try {
      Outcome.await(end);
    } finally {
      gateway.loop().execute(this::saySilence);
      isAcked = consumer.close(LAST_ACKS);
    }
    if (!isAcked && plan.isAcking()) {
      throw new CliException("the last records are not acknowledged");
    }
    return printed.get();
  }

  private void saySilence() {
    silence.end();
    ackDelay.end();
  }

  /** Ends it as if it had come to its end. */
  void stop() {
    end.complete(0L);
  }

  private void fail(String line) {
    end.completeExceptionally(new CliException(line));
  }

  private void onRefused(Throwable refused) {
    if (refused != null) {
      end.completeExceptionally(CliException.of(refused, gateway.address()));
    }
  }

  /** Fails where the record is not printed, so that it is not acknowledged. */
  private void print(ReceivedRecord record) {
    if (end.isDone()) {
      throw new IllegalStateException("the run has ended");
    }
    if (plan.isOfEvents() && record.event().isEmpty()) {
      var line =
          "partition %d: the record at offset %d is no event; --format=binary prints it"
              .formatted(record.partition(), record.offset());
      fail(line);
      throw new IllegalStateException(line);
    }
    silence.progress();
    format.write(record, terminal.out());
    if (terminal.out().checkError()) {
      stop();
      throw new IllegalStateException("standard output is closed");
    }
    lastPrinted.put(record.partition(), record.offset());
    if (printed.incrementAndGet() == plan.count()) {
      stop();
    }
  }

  private void onLoop(Runnable task) {
    try {
      gateway
          .loop()
          .execute(
              () -> {
                if (!end.isDone()) {
                  task.run();
                }
              });
    } catch (RejectedExecutionException closed) {
      // So is the gateway.
    }
  }

  @Override
  public void onConnected(String call) {
    gateway.onStreamOpened();
    onLoop(
        () -> {
          isAwaySaid = false;
          terminal.say("subscribed to " + plan.topic() + " as group " + plan.group());
          silence.begin();
        });
  }

  /** With partitions, that no record comes is no more than news where a storage is away. */
  private CompletionStage<Optional<Cause>> causeOfSilence() {
    return storages
        .ofBoth(plan)
        .thenApply(
            found ->
                partitions.isEmpty()
                    ? Optional.of(unassigned(found))
                    : found.away().map(away -> away.after("no record for a while, waiting: ")));
  }

  private static Cause unassigned(StorageCheck.Finding found) {
    var inOrder =
        found.isTopicThere()
            ? "other members of the group have them all"
            : "the topic is not there yet";
    return found.away().orElse(new Cause(inOrder, "")).after("no partition so far, waiting: ");
  }

  private CompletionStage<Optional<Cause>> causeOfDelay() {
    return storages
        .ofBoth(plan)
        .thenApply(found -> found.away().map(away -> away.after("acks are delayed: ")));
  }

  @Override
  public void onDisconnected(String call, Status reason) {
    onLoop(() -> onAway(CallEnd.of(reason)));
  }

  private void onAway(Status status) {
    saySilence();
    boolean hasNewToken = gateway.onStreamEnded();
    boolean isOfToken = status.getCode() == Status.Code.UNAUTHENTICATED;
    boolean isReplaced = isOfToken && hasNewToken;
    var line =
        isReplaced
            ? "UNAVAILABLE: the token was replaced"
            : CliException.describe(status, gateway.address());
    if (isOfToken && !isReplaced) {
      fail(line);
    } else if (!isAwaySaid) {
      isAwaySaid = true;
      terminal.say(line + "; trying again until there is one");
    }
  }

  @Override
  public void onAssigned(String topic, int partition) {
    onLoop(
        () -> {
          silence.progress();
          partitions.add(partition);
          askForNotice();
        });
  }

  @Override
  public void onRevoked(String topic, int partition) {
    onLoop(
        () -> {
          partitions.remove(partition);
          lastPrinted.remove(partition);
          askForNotice();
        });
  }

  @Override
  public void onUnreadable(String topic, int partition, long offset, Status reason) {
    fail(CliException.describe(reason, gateway.address()) + " (partition " + partition + ")");
  }

  @Override
  public void onHandled(String topic, int partition, int records) {
    if (plan.isAcking()) {
      onLoop(ackDelay::begin);
    }
  }

  @Override
  public void onAcked(String topic, int partition, long offset) {
    onLoop(
        () -> {
          acked.put(partition, offset);
          ackDelay.progress();
          if (lastPrinted.entrySet().stream().allMatch(this::isAcked)) {
            ackDelay.end();
          }
        });
  }

  private boolean isAcked(Map.Entry<Integer, Long> last) {
    return acked.getOrDefault(last.getKey(), -1L) >= last.getValue();
  }

  /** Partitions come and go one by one; the notice waits until that has come to rest. */
  private void askForNotice() {
    if (!isNoticeAsked) {
      isNoticeAsked = true;
      gateway.schedule(() -> onLoop(this::notice), NOTICE_MS);
    }
  }

  private void notice() {
    isNoticeAsked = false;
    int count = partitions.size();
    terminal.say(count == 1 ? "reading 1 partition" : "reading " + count + " partitions");
  }
}
