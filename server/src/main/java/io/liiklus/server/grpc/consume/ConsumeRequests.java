package io.liiklus.server.grpc.consume;

import com.github.bsideup.liiklus.protocol.ConsumeAck;
import com.github.bsideup.liiklus.protocol.ConsumeNack;
import io.liiklus.server.grpc.codec.request.RequestDurations;
import io.liiklus.server.grpc.codec.request.RequestNames;
import io.liiklus.server.grpc.codec.status.BadRequest;
import io.liiklus.server.inflight.Nack;
import java.util.Collection;
import java.util.OptionalLong;

/**
 * Requests behind the first: they are checked, and passed to the partitions that they are of.
 * Confined to the call's event loop.
 */
public final class ConsumeRequests {

  private final ConsumeTerms terms;
  private final ConsumedPartitions partitions;

  ConsumeRequests(ConsumeTerms terms, ConsumedPartitions partitions) {
    this.terms = terms;
    this.partitions = partitions;
  }

  /** Acks of a client. */
  public void ack(ConsumeAck ack) {
    check(ack);
    for (var ofPartition : ack.getPartitionsList()) {
      var partition = partitions.get(ofPartition.getPartition());
      if (partition != null) {
        partition.ack(ofPartition);
      }
    }
  }

  /** A client could not process records. */
  public void nack(ConsumeNack nack) {
    var checked = check(nack);
    var partition = partitions.get(nack.getPartition());
    if (partition != null) {
      partition.nack(nack.getOffsetsList().stream().sorted().distinct().toList(), checked);
    }
  }

  /** A client is done with partitions that are being revoked. */
  public void release(Collection<Integer> released) {
    released.forEach(number -> RequestNames.partition("release.partitions", number));
    for (int number : released) {
      var partition = partitions.get(number);
      if (partition != null) {
        partition.release();
      }
    }
  }

  /** An empty one is a sign of life, in each mode. */
  private void check(ConsumeAck ack) {
    if (ack.getPartitionsCount() > 0 && terms.isBeforeDelivery()) {
      throw new BadRequest("ack.partitions: are not allowed with ack_mode BEFORE_DELIVERY; none");
    }
    for (var ofPartition : ack.getPartitionsList()) {
      RequestNames.partition("ack.partitions.partition", ofPartition.getPartition());
      if (ofPartition.hasUpTo()) {
        RequestNames.recordOffset("ack.partitions.up_to", ofPartition.getUpTo());
      }
      for (int i = 0; i < ofPartition.getOffsetsCount(); i++) {
        RequestNames.recordOffset("ack.partitions.offsets", ofPartition.getOffsets(i));
      }
    }
  }

  private Nack check(ConsumeNack nack) {
    if (terms.isBeforeDelivery()) {
      throw new BadRequest(
          "nack: is not allowed with ack_mode BEFORE_DELIVERY, where no record comes again");
    }
    RequestNames.partition("nack.partition", nack.getPartition());
    for (int i = 0; i < nack.getOffsetsCount(); i++) {
      RequestNames.recordOffset("nack.offsets", nack.getOffsets(i));
    }
    var action =
        switch (nack.getAction()) {
          case RETRY -> Nack.Action.RETRY;
          case DEAD_LETTER -> Nack.Action.DEAD_LETTER;
          case SKIP -> Nack.Action.SKIP;
          case UNRECOGNIZED ->
              throw ConsumeTerms.unknown(
                  "nack.action", nack.getActionValue(), "RETRY (0), DEAD_LETTER (1) or SKIP (2)");
        };
    if (action == Nack.Action.DEAD_LETTER && !terms.hasDeadLetterTopic()) {
      throw new BadRequest(
          "nack.action: DEAD_LETTER needs retry.dead_letter_topic in start, where records go");
    }
    var delay =
        nack.hasDelay()
            ? OptionalLong.of(
                RequestDurations.upTo("nack.delay", nack.getDelay(), ConsumeTerms.LONGEST_DELAY)
                    .toNanos())
            : OptionalLong.empty();
    return new Nack(action, delay, nack.getReason());
  }
}
