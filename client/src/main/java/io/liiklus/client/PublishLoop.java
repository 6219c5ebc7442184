package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.PublishResult;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.liiklus.client.PublishQueue.KeyLane;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a publisher does with its records: sends them, judges their results, and sends some again.
 * Confined to the loop.
 */
final class PublishLoop implements Sender.Owner {

  private static final Logger log = LoggerFactory.getLogger(PublishLoop.class);

  private static final long LOOK_MS = 250;

  /** What passes, where the record is surely not stored. */
  private static final Set<Code> PASSING =
      Collections.unmodifiableSet(EnumSet.of(Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED));

  /** What an end without an answer looks like; INTERNAL where a balancer resets the call. */
  private static final Set<Code> UNKNOWN =
      Collections.unmodifiableSet(
          EnumSet.of(
              Code.UNAVAILABLE,
              Code.UNKNOWN,
              Code.CANCELLED,
              Code.DEADLINE_EXCEEDED,
              Code.INTERNAL));

  private final GatewayChannel channel;
  private final PublisherOptions options;
  private final Room room;
  private final ClientListener listener;
  private final PublishQueue queue = new PublishQueue();
  private final Backoff backoff = Backoff.ofConnection();

  /** Null where none is open. */
  private Sender sender;

  /** Of the channel, as the sender began. */
  private int turn;

  private boolean hasStream = true;
  private int maxBatchRecords;

  /** Null as long as records are taken. */
  private Status closed;

  private boolean isPaused;
  private boolean isLookDue;
  private boolean hasResults;
  private Status lastFailure = Status.UNAVAILABLE.withDescription("no connection so far");

  PublishLoop(
      GatewayChannel channel, PublisherOptions options, Room room, ClientListener listener) {
    this.channel = channel;
    this.options = options;
    this.room = room;
    this.listener = listener;
    this.maxBatchRecords = options.maxBatchRecords();
  }

  void add(PendingRecord record) {
    if (closed == null) {
      queue.add(record);
    } else {
      fail(List.of(record), closed, true);
    }
  }

  /** Sends what can be sent now. */
  void send() {
    if (queue.size() == 0 || isPaused) {
      return;
    }
    lookLater();
    if (sender == null) {
      open();
    }
    while (sender != null && sender.canSend()) {
      int most = Math.min(maxBatchRecords, sender.maxRecords());
      var batch = queue.next(most, options.maxBatchBytes());
      if (batch.isEmpty()) {
        return;
      }
      sender.send(batch);
    }
  }

  private void open() {
    channel.forgetBackoff();
    turn = channel.turn();
    hasResults = false;
    sender =
        hasStream
            ? StreamSender.open(channel, this, options.maxBatches())
            : new UnarySender(channel, this, options.timeout().toMillis());
  }

  private void lookLater() {
    if (!isLookDue) {
      isLookDue = true;
      channel.schedule(this::look, LOOK_MS);
    }
  }

  /** Gives up what is late. */
  private void look() {
    isLookDue = false;
    var late = queue.expire(System.nanoTime());
    if (!late.isEmpty()) {
      var status =
          Status.DEADLINE_EXCEEDED
              .withDescription(
                  "the record was not stored in time; last failure: %s: %s"
                      .formatted(lastFailure.getCode(), lastFailure.getDescription()))
              .withCause(lastFailure.getCause());
      fail(late, status, true);
    }
    if (queue.size() > 0) {
      lookLater();
    }
  }

  @Override
  public void onConnected() {
    listener.onConnected("PublishStream");
  }

  @Override
  public void onReady() {
    send();
  }

  @Override
  public void onResults(List<PendingRecord> batch, List<PublishResult> results) {
    hasResults = true;
    var again = new ArrayList<PendingRecord>();
    var stored = new ArrayList<PendingRecord>();
    var laterStored = new HashSet<KeyLane>();
    long nowNs = System.nanoTime();
    // From the last one on: none is sent again of which a later one of its key is stored.
    for (int i = batch.size() - 1; i >= 0; i--) {
      var record = batch.get(i);
      var result = results.get(i);
      if (result.hasReply()) {
        stored.add(record);
        laterStored.add(record.lane);
        continue;
      }
      var error = result.getError();
      var status = Status.fromCodeValue(error.getCode()).withDescription(error.getMessage());
      boolean mayGoAgain = !record.lane.isOrdered() || !laterStored.contains(record.lane);
      if (mayGoAgain && isRetried(status, error.getNotStored()) && !record.isLate(nowNs)) {
        lastFailure = status;
        again.add(record);
      } else {
        fail(List.of(record), status, error.getNotStored());
      }
    }
    Collections.reverse(again);
    succeed(batch, results, stored.size());
    queue.settle(batch, again);
    if (again.isEmpty()) {
      backoff.reset();
      send();
    } else {
      listener.onPublishRetry(again.size(), lastFailure);
      pause();
    }
  }

  private boolean isRetried(Status status, boolean isSure) {
    return isSure
        ? PASSING.contains(status.getCode())
        : options.isUnknownRetried() && UNKNOWN.contains(status.getCode());
  }

  private void pause() {
    if (!isPaused) {
      isPaused = true;
      channel.schedule(this::resume, backoff.nextMs());
    }
  }

  private void resume() {
    isPaused = false;
    send();
  }

  @Override
  public void onEnd(Sender ended, Status status, boolean isSure, List<List<PendingRecord>> out) {
    sender = null;
    if (status.getCode() == Code.UNIMPLEMENTED && hasStream) {
      log.info("the gateway has no PublishStream; records are published one by one");
      hasStream = false;
      out.forEach(batch -> queue.settle(batch, batch));
      send();
      return;
    }
    if (!status.isOk()) {
      lastFailure = status;
      listener.onDisconnected("PublishStream", status);
      channel.leave(turn);
    }
    boolean isTooMuch = status.getCode() == Code.INVALID_ARGUMENT && isSure;
    boolean isTokenOver = status.getCode() == Code.UNAUTHENTICATED && isSure && hasResults;
    for (int i = 0; i < out.size(); i++) {
      var batch = out.get(i);
      boolean isRefused = isTooMuch && i == 0 && batch.size() == 1;
      if (!isRefused && (isTooMuch || isTokenOver || isRetried(status, isSure))) {
        listener.onPublishRetry(batch.size(), status);
        queue.settle(batch, batch);
      } else {
        fail(batch, status, isSure);
        queue.settle(batch, List.of());
      }
    }
    if (isTooMuch && !out.isEmpty() && out.get(0).size() > 1) {
      // The gateway's bounds are lower than ours.
      maxBatchRecords = Math.max(1, out.get(0).size() / 2);
    }
    pause();
  }

  private void succeed(List<PendingRecord> batch, List<PublishResult> results, int count) {
    if (count == 0) {
      return;
    }
    long bytes = 0;
    for (int i = 0; i < batch.size(); i++) {
      bytes += results.get(i).hasReply() ? batch.get(i).bytes() : 0;
    }
    room.free(count, bytes);
    listener.onPublished(count);
    options
        .callbacks()
        .execute(
            () -> {
              for (int i = 0; i < batch.size(); i++) {
                if (results.get(i).hasReply()) {
                  batch.get(i).answer().complete(results.get(i).getReply());
                }
              }
            });
  }

  private void fail(List<PendingRecord> records, Status status, boolean isNotStored) {
    if (records.isEmpty()) {
      return;
    }
    room.free(records.size(), records.stream().mapToLong(PendingRecord::bytes).sum());
    listener.onPublishFailed(records.size(), status);
    var failure = new PublishException(status, isNotStored);
    options
        .callbacks()
        .execute(() -> records.forEach(record -> record.answer().completeExceptionally(failure)));
  }

  /** Fails what is left. */
  void close(Status status) {
    closed = status;
    fail(queue.clear(), status, true);
    if (sender != null) {
      sender.close();
    }
  }
}
