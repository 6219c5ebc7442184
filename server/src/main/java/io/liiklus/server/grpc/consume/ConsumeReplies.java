package io.liiklus.server.grpc.consume;

import com.github.bsideup.liiklus.protocol.AckedPositions;
import com.github.bsideup.liiklus.protocol.Assigned;
import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.PartitionFailure;
import com.github.bsideup.liiklus.protocol.Revoked;
import com.github.bsideup.liiklus.protocol.Revoking;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * What a client is to be told beside records, for each partition no more than the newest. So a
 * client that does not read costs no more than its partitions. Confined to the call's event loop.
 *
 * <p>What has come and gone before the client could be told is not told: an assignment that was
 * taken away at once, a grace that is over.
 */
final class ConsumeReplies {

  /** Shortest time between two reports of a partition's stored position. */
  static final long REPORT_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Where replies go. */
  interface Transport {
    boolean isReady();

    void send(ConsumeReply reply);
  }

  private final Transport transport;
  private final com.google.protobuf.Duration grace;

  /** Partitions of which the client knows that it has them. */
  private final Set<Integer> announced = new HashSet<>();

  // To be sent, in this order.
  private final Set<Integer> revoking = new TreeSet<>();
  private final Map<Integer, Long> acked = new TreeMap<>();
  private final Set<Integer> revoked = new TreeSet<>();
  private final Set<Integer> lost = new TreeSet<>();
  private final Map<Integer, PartitionFailure> failures = new TreeMap<>();
  private final Set<Integer> assigned = new TreeSet<>();

  /** When a partition's position may be reported again. */
  private final Map<Integer, Long> nextReportNs = new HashMap<>();

  ConsumeReplies(Transport transport, Duration grace) {
    this.transport = transport;
    this.grace =
        com.google.protobuf.Duration.newBuilder()
            .setSeconds(grace.getSeconds())
            .setNanos(grace.getNano())
            .build();
  }

  boolean isAnnounced(int partition) {
    return announced.contains(partition);
  }

  void assigned(int partition) {
    assigned.add(partition);
  }

  void revoking(int partition) {
    if (announced.contains(partition)) {
      revoking.add(partition);
    }
  }

  void acked(int partition, long position) {
    if (announced.contains(partition)) {
      acked.put(partition, position);
    }
  }

  void failed(PartitionFailure failure) {
    failures.put(failure.getPartition(), failure);
  }

  void revoked(int partition, boolean isLost) {
    assigned.remove(partition);
    failures.remove(partition);
    if (announced.remove(partition)) {
      (isLost ? lost : revoked).add(partition);
      if (isLost) {
        acked.remove(partition);
        revoking.remove(partition);
      }
    }
  }

  /**
   * Sends what may be sent.
   *
   * @return time until more may be, once the transport is ready; {@link Long#MAX_VALUE}: nothing is
   *     left
   */
  long flush(long nowNs) {
    if (!transport.isReady()) {
      return Long.MAX_VALUE;
    }
    sendRevoking();
    long delayNs = sendAcked(nowNs);
    sendRevoked();
    failures.values().forEach(failure -> send(ConsumeReply.newBuilder().setFailure(failure)));
    failures.clear();
    sendAssigned();
    return delayNs;
  }

  /** Sends what is left at the end of the call. */
  void flushLast() {
    sendRevoking();
    if (!acked.isEmpty()) {
      sendAcked(Set.copyOf(acked.keySet()));
    }
    sendRevoked();
  }

  private void sendRevoking() {
    if (!revoking.isEmpty()) {
      send(
          ConsumeReply.newBuilder()
              .setRevoking(Revoking.newBuilder().addAllPartitions(revoking).setGrace(grace)));
      revoking.clear();
    }
  }

  private long sendAcked(long nowNs) {
    if (acked.isEmpty()) {
      return Long.MAX_VALUE;
    }
    long delayNs = Long.MAX_VALUE;
    var due = new TreeSet<Integer>();
    for (int partition : acked.keySet()) {
      var next = nextReportNs.get(partition);
      if (next == null || next - nowNs <= 0) {
        due.add(partition);
      } else {
        delayNs = Math.min(delayNs, next - nowNs);
      }
    }
    if (!due.isEmpty()) {
      sendAcked(due);
      due.forEach(partition -> nextReportNs.put(partition, nowNs + REPORT_EVERY_NS));
    }
    return delayNs;
  }

  private void sendAcked(Set<Integer> partitions) {
    var positions = AckedPositions.newBuilder();
    partitions.forEach(partition -> positions.putPositions(partition, acked.remove(partition)));
    send(ConsumeReply.newBuilder().setAcked(positions));
  }

  /** A partition whose last position is still to be reported waits for that. */
  private void sendRevoked() {
    var told = new TreeSet<>(revoked);
    told.removeAll(acked.keySet());
    if (!told.isEmpty()) {
      send(ConsumeReply.newBuilder().setRevoked(Revoked.newBuilder().addAllPartitions(told)));
      revoked.removeAll(told);
      nextReportNs.keySet().removeAll(told);
    }
    if (!lost.isEmpty()) {
      send(
          ConsumeReply.newBuilder()
              .setRevoked(Revoked.newBuilder().addAllPartitions(lost).setLost(true)));
      nextReportNs.keySet().removeAll(lost);
      lost.clear();
    }
  }

  private void sendAssigned() {
    var told = new TreeSet<>(assigned);
    told.removeAll(revoked);
    if (!told.isEmpty()) {
      send(ConsumeReply.newBuilder().setAssigned(Assigned.newBuilder().addAllPartitions(told)));
      assigned.removeAll(told);
      announced.addAll(told);
    }
  }

  private void send(ConsumeReply.Builder reply) {
    transport.send(reply.build());
  }
}
