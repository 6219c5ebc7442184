package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import io.grpc.Status;
import io.liiklus.cli.WaitNotice.Cause;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Member of a group that prints its records until something ends it. Confined to the gateway's
 * loop, but for {@link #start}, {@link #stop} and {@link #outcome}.
 *
 * <p>Ends with the number of records printed: when they are as many as were asked for, when
 * standard output is closed, or when stopped. Fails with a {@link CliException}. Either way first
 * the streams are cancelled, then what was printed is acknowledged, then the group is left. A
 * gateway that is away is waited for.
 *
 * <p>A record is acknowledged when standard output has taken it: printing marks it, and a task
 * behind all the answers that are already here flushes once and acknowledges the last of each
 * partition.
 */
final class ReceiveRun implements Membership.Observer, PartitionStream.Observer, AckLane.Observer {

  /** Longer than one ack may take. */
  private static final long LAST_ACKS_MS = 7_000;

  private static final long NOTICE_MS = 200;

  /** Longer than a group takes to share its partitions out. */
  private static final long SILENT_MS = 5_000;

  private final Gateway gateway;
  private final Terminal terminal;
  private final RecordFormat format;
  private final ReceivePlan plan;
  private final CompletableFuture<Long> outcome = new CompletableFuture<>();

  private final StorageCheck storages;
  private final WaitNotice silence;
  private final Backoff backoff = new Backoff();
  private final Map<Integer, PartitionStream> streams = new HashMap<>();
  private final Map<Integer, AckLane> lanes = new HashMap<>();
  private final Map<Integer, Long> unflushed = new HashMap<>();

  private Membership membership; // Null while the gateway is away.
  private long printed;
  private boolean isFlushAsked;
  private boolean isNoticeAsked;
  private boolean isAwaySaid;
  private boolean isDelaySaid;
  private boolean isEnding;
  private CliException failure;

  ReceiveRun(Gateway gateway, Terminal terminal, RecordFormat format, ReceivePlan plan) {
    this.gateway = gateway;
    this.terminal = terminal;
    this.format = format;
    this.plan = plan;
    this.storages = new StorageCheck(gateway);
    this.silence = new WaitNotice(gateway::schedule, terminal, SILENT_MS, this::causeOfSilence);
  }

  void start() {
    gateway.loop().execute(this::join);
  }

  /** Ends it as if it had come to its end. */
  void stop() {
    gateway.loop().execute(this::end);
  }

  CompletableFuture<Long> outcome() {
    return outcome;
  }

  private void join() {
    if (!isEnding) {
      gateway.forgetBackoff();
      membership = Membership.open(gateway, plan, this);
    }
  }

  @Override
  public void onOpened() {
    backoff.reset();
    isAwaySaid = false;
    terminal.say("subscribed to " + plan.topic() + " as group " + plan.group());
    silence.begin();
  }

  /** With partitions, that no record comes is no more than news where a storage is away. */
  private CompletionStage<Optional<Cause>> causeOfSilence() {
    return storages
        .ofBoth(plan)
        .thenApply(
            found ->
                streams.isEmpty()
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

  @Override
  public void onAssigned(Assignment assignment) {
    if (isEnding) {
      return;
    }
    silence.progress();
    int partition = assignment.getPartition();
    var former = streams.remove(partition);
    if (former != null) {
      former.cancel();
    }
    lane(partition).hold();
    streams.put(partition, PartitionStream.open(gateway, plan, assignment, this));
    askForNotice();
  }

  private AckLane lane(int partition) {
    return lanes.computeIfAbsent(partition, p -> new AckLane(gateway, plan, p, this));
  }

  @Override
  public void onRecord(PartitionStream stream, ReceiveReply reply) {
    silence.progress();
    try {
      var record = ReceivedRecord.of(stream.partition(), reply);
      format.write(record, terminal.out());
      unflushed.put(stream.partition(), record.offset());
    } catch (CliException unknown) {
      fail(unknown);
      return;
    }
    printed++;
    if (printed == plan.count()) {
      end();
    } else if (!isFlushAsked) {
      isFlushAsked = true;
      gateway.loop().execute(this::flush);
    }
  }

  private void flush() {
    isFlushAsked = false;
    if (terminal.out().checkError()) {
      unflushed.clear();
      end();
      return;
    }
    if (plan.isAcking()) {
      unflushed.forEach((partition, offset) -> lane(partition).ack(offset));
    }
    unflushed.clear();
  }

  @Override
  public void onEnded(PartitionStream stream, Status status) {
    if (status.getCode() == Status.Code.UNAVAILABLE) {
      onEnded(status);
      return;
    }
    streams.remove(stream.partition());
    lane(stream.partition()).release();
    if (status.isOk()) {
      askForNotice();
    } else {
      fail(
          new CliException(
              plan.advised(CliException.describe(status, gateway.address()))
                  + " (partition "
                  + Integer.toUnsignedString(stream.partition())
                  + ")"));
    }
  }

  /** The membership ended: with a gateway that stops or is away, or because it was refused. */
  @Override
  public void onEnded(Status status) {
    if (isEnding) {
      return;
    }
    leave();
    var line = CliException.describe(status, gateway.address());
    if (!status.isOk() && status.getCode() != Status.Code.UNAVAILABLE) {
      fail(new CliException(line));
      return;
    }
    if (!isAwaySaid) {
      isAwaySaid = true;
      terminal.say(line + "; trying again until there is one");
    }
    var unused = gateway.loop().schedule(this::join, backoff.nextMs(), TimeUnit.MILLISECONDS);
  }

  private void leave() {
    silence.end();
    flush();
    streams.values().forEach(PartitionStream::cancel);
    streams.clear();
    if (membership != null) {
      membership.cancel();
      membership = null;
    }
    lanes.values().forEach(AckLane::release);
  }

  private void fail(CliException reason) {
    failure = failure == null ? reason : failure;
    end();
  }

  private void end() {
    if (isEnding) {
      return;
    }
    isEnding = true;
    silence.end();
    streams.values().forEach(PartitionStream::cancel);
    streams.clear();
    flush();
    var unused = gateway.loop().schedule(this::giveUpAcks, LAST_ACKS_MS, TimeUnit.MILLISECONDS);
    onIdle();
  }

  @Override
  public void onIdle() {
    if (isEnding && lanes.values().stream().allMatch(AckLane::isIdle)) {
      conclude();
    }
  }

  private void giveUpAcks() {
    if (!outcome.isDone()) {
      failure =
          failure == null ? new CliException("the last records are not acknowledged") : failure;
      conclude();
    }
  }

  private void conclude() {
    leave();
    if (failure == null) {
      outcome.complete(printed);
    } else {
      outcome.completeExceptionally(failure);
    }
  }

  @Override
  public void onDelayed(Status status) {
    if (!isDelaySaid) {
      isDelaySaid = true;
      var line = CliException.describe(status, gateway.address());
      terminal.say("acks are delayed: " + line + "; trying again");
    }
  }

  @Override
  public void onResumed() {
    if (isDelaySaid) {
      isDelaySaid = false;
      terminal.say("acks go on");
    }
  }

  @Override
  public void onRefused(Status status) {
    fail(new CliException("an ack failed: " + CliException.describe(status, gateway.address())));
  }

  /** Partitions come and go one by one; the notice waits until that has come to rest. */
  private void askForNotice() {
    if (!isNoticeAsked) {
      isNoticeAsked = true;
      var unused = gateway.loop().schedule(this::notice, NOTICE_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void notice() {
    isNoticeAsked = false;
    if (!isEnding) {
      terminal.say(
          streams.size() == 1
              ? "reading 1 partition"
              : "reading " + streams.size() + " partitions");
    }
  }
}
