package io.liiklus.server.grpc.consume;

import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.PartitionFailure;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import java.util.List;
import java.util.function.Consumer;

/**
 * Replies of a Consume: records as they are given, all else once what happens at the same time has
 * happened, and a sign of life where there is nothing. Confined to the call's event loop.
 */
final class ReplyStream {

  private final EventLoop loop;
  private final Consumption.Client client;
  private final Consumer<List<Integer>> onAssignedSent;
  private final Runnable onTurn;
  private final ConsumeReplies pending;
  private final Heartbeat heartbeat;
  private final WakeUp report;

  private boolean isTurnDue;
  private boolean isEnded;

  /**
   * @param onAssignedSent is told of partitions that the client knows of now
   * @param onTurn is run behind what was to be told, to send records
   */
  ReplyStream(
      EventLoop loop,
      ConsumeOptions options,
      Consumption.Client client,
      Consumer<List<Integer>> onAssignedSent,
      Runnable onTurn) {
    this.loop = loop;
    this.client = client;
    this.onAssignedSent = onAssignedSent;
    this.onTurn = onTurn;
    var transport = new Transport();
    this.pending = new ConsumeReplies(transport, options.revokeGrace());
    this.heartbeat = new Heartbeat(loop, options.heartbeat(), transport);
    this.report = new WakeUp(loop, this::flush);
  }

  /** Where replies without records go. */
  private final class Transport implements ConsumeReplies.Transport {
    @Override
    public boolean isReady() {
      return client.isReady();
    }

    @Override
    public void send(ConsumeReply reply) {
      ReplyStream.this.send(EncodedReply.of(reply));
      if (reply.hasAssigned()) {
        onAssignedSent.accept(reply.getAssigned().getPartitionsList());
      }
    }
  }

  void begin() {
    heartbeat.begin();
  }

  boolean isReady() {
    return client.isReady();
  }

  /** Whether records of a partition may be sent now. */
  boolean canSend(int partition) {
    return client.isReady() && pending.isAnnounced(partition);
  }

  void send(EncodedReply reply) {
    heartbeat.onReply();
    client.send(reply);
  }

  void assigned(int partition) {
    pending.assigned(partition);
    takeTurnSoon();
  }

  void revoking(int partition) {
    pending.revoking(partition);
    takeTurnSoon();
  }

  void acked(int partition, long position) {
    pending.acked(partition, position);
    takeTurnSoon();
  }

  void failed(PartitionFailure failure) {
    pending.failed(failure);
    takeTurnSoon();
  }

  void revoked(int partition, boolean isLost) {
    pending.revoked(partition, isLost);
    takeTurnSoon();
  }

  private void takeTurnSoon() {
    if (!isTurnDue) {
      isTurnDue = true;
      loop.execute(
          () -> {
            isTurnDue = false;
            takeTurn();
          });
    }
  }

  /** The transport takes more. */
  void takeTurn() {
    if (!isEnded) {
      flush();
      onTurn.run();
    }
  }

  private void flush() {
    if (isEnded) {
      return;
    }
    long delayNs = pending.flush(System.nanoTime());
    if (delayNs != Long.MAX_VALUE) {
      report.in(delayNs);
    }
  }

  /** Sends what is left at the end of the call. */
  void flushLast() {
    pending.flushLast();
  }

  /** From now on nothing is sent but {@linkplain #flushLast the last}. */
  void end() {
    isEnded = true;
    heartbeat.end();
    report.cancel();
  }
}
