package io.liiklus.server.gateway;

import com.github.bsideup.liiklus.protocol.ConsumeAck;
import com.github.bsideup.liiklus.protocol.ConsumeNack;
import com.github.bsideup.liiklus.protocol.ConsumeRelease;
import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ConsumeRequest;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PartitionAck;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A Consume call as a test drives it: replies come into a queue, in order. Confined to the test's
 * thread.
 */
public final class ConsumeStream implements AutoCloseable {

  /**
   * One delivered record.
   *
   * @param isEvent whether it came among events
   */
  public record Delivered(
      int partition, long offset, String key, String value, int attempt, boolean isEvent) {}

  private final ClientCall<ConsumeRequest, ConsumeReply> call;
  private final GatewayStream<ConsumeReply> replies;
  private final List<Delivered> pending = new ArrayList<>();
  private final List<ConsumeReply> others = new ArrayList<>();

  private ConsumeStream(Channel channel) {
    call = channel.newCall(LiiklusServiceGrpc.getConsumeMethod(), CallOptions.DEFAULT);
    replies = GatewayStream.start(call, new Metadata());
  }

  /** Reads on by itself, however much comes. */
  public static ConsumeStream open(Channel channel, ConsumeStart start) {
    var stream = openUnread(channel, start);
    stream.read(Integer.MAX_VALUE);
    return stream;
  }

  /** Reads nothing until it is told to. */
  public static ConsumeStream openUnread(Channel channel, ConsumeStart start) {
    var stream = openWithoutStart(channel);
    stream.send(ConsumeRequest.newBuilder().setStart(start).build());
    return stream;
  }

  public static ConsumeStream openWithoutStart(Channel channel) {
    return new ConsumeStream(channel);
  }

  public void read(int count) {
    replies.request(count);
  }

  public void send(ConsumeRequest request) {
    call.sendMessage(request);
  }

  public void ack(int partition, Long... offsets) {
    send(
        PartitionAck.newBuilder()
            .setPartition(partition)
            .addAllOffsets(Arrays.asList(offsets))
            .build());
  }

  public void ackUpTo(int partition, long offset) {
    send(PartitionAck.newBuilder().setPartition(partition).setUpTo(offset).build());
  }

  private void send(PartitionAck ack) {
    send(ConsumeRequest.newBuilder().setAck(ConsumeAck.newBuilder().addPartitions(ack)).build());
  }

  public void nack(ConsumeNack nack) {
    send(ConsumeRequest.newBuilder().setNack(nack).build());
  }

  /** To come again after so many milliseconds. */
  public void retry(int partition, long delayMs, Long... offsets) {
    nack(
        ConsumeNack.newBuilder()
            .setPartition(partition)
            .addAllOffsets(Arrays.asList(offsets))
            .setDelay(
                Duration.newBuilder()
                    .setSeconds(delayMs / 1_000)
                    .setNanos((int) (delayMs % 1_000) * 1_000_000))
            .build());
  }

  public void release(Integer... partitions) {
    send(
        ConsumeRequest.newBuilder()
            .setRelease(ConsumeRelease.newBuilder().addAllPartitions(Arrays.asList(partitions)))
            .build());
  }

  public void halfClose() {
    call.halfClose();
  }

  /** The next reply of any kind. */
  public ConsumeReply next() {
    return replies.next();
  }

  /** The next reply that is wanted; records before it are kept for {@link #take}. */
  public ConsumeReply next(Predicate<ConsumeReply> wanted) {
    for (int i = 0; i < others.size(); i++) {
      if (wanted.test(others.get(i))) {
        return others.remove(i);
      }
    }
    long endNs = System.nanoTime() + GatewayClient.PATIENCE.toNanos();
    while (System.nanoTime() - endNs < 0) {
      var reply = next();
      if (wanted.test(reply)) {
        return reply;
      }
      keep(reply);
    }
    throw new AssertionError("no such reply came; others: " + others);
  }

  private void keep(ConsumeReply reply) {
    if (reply.hasRecords()) {
      pending.addAll(delivered(reply));
    } else {
      others.add(reply);
    }
  }

  /** Waits for so many records; other replies are kept for {@link #next(Predicate)}. */
  public List<Delivered> take(int count) {
    long endNs = System.nanoTime() + GatewayClient.PATIENCE.toNanos();
    while (pending.size() < count) {
      keep(next());
      if (System.nanoTime() - endNs > 0) {
        throw new AssertionError("%d of %d records came".formatted(pending.size(), count));
      }
    }
    var taken = List.copyOf(pending.subList(0, count));
    pending.subList(0, count).clear();
    return taken;
  }

  /** Records that came and were not taken. */
  public List<Delivered> arrived() {
    replies.drainTo(this::keep);
    return List.copyOf(pending);
  }

  /** Replies without records that came and were not taken. */
  public List<ConsumeReply> others() {
    arrived();
    return List.copyOf(others);
  }

  /** Waits until so many partitions are assigned. */
  public Set<Integer> awaitAssigned(int count) {
    var assigned = new TreeSet<Integer>();
    while (assigned.size() < count) {
      assigned.addAll(next(ConsumeReply::hasAssigned).getAssigned().getPartitionsList());
    }
    return assigned;
  }

  /** Waits until a position is reported as stored. */
  public void awaitAcked(int partition, long position) {
    next(
        reply ->
            reply.hasAcked()
                && reply.getAcked().getPositionsMap().getOrDefault(partition, -1L) == position);
  }

  public static List<Delivered> delivered(ConsumeReply reply) {
    var records = reply.getRecords();
    var all = new ArrayList<Delivered>();
    for (var record : records.getRecords().getRecordsList()) {
      var value = record.getValue().toStringUtf8();
      all.add(delivered(reply, all.size(), record.getOffset(), record.getKey(), value, false));
    }
    for (var record : records.getEvents().getRecordsList()) {
      var id = record.getEvent().getId();
      all.add(delivered(reply, all.size(), record.getOffset(), record.getKey(), id, true));
    }
    return all;
  }

  private static Delivered delivered(
      ConsumeReply reply, int index, long offset, ByteString key, String value, boolean isEvent) {
    int partition = reply.getRecords().getPartition();
    int attempt = attempt(reply, index);
    return new Delivered(partition, offset, key.toStringUtf8(), value, attempt, isEvent);
  }

  private static int attempt(ConsumeReply reply, int index) {
    var attempts = reply.getRecords().getAttemptsList();
    return attempts.isEmpty() ? 1 : attempts.get(index);
  }

  public boolean isEnded() {
    return replies.isEnded();
  }

  public Status status() {
    return replies.status();
  }

  @Override
  public void close() {
    replies.close();
  }
}
