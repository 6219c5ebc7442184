package io.liiklus.server.grpc.consume;

import com.github.bsideup.liiklus.protocol.ConsumeAck;
import com.github.bsideup.liiklus.protocol.ConsumeNack;
import io.liiklus.server.grpc.codec.request.RequestDurations;
import io.liiklus.server.grpc.codec.request.RequestNames;
import io.liiklus.server.grpc.codec.status.BadRequest;
import io.liiklus.server.inflight.Nack;
import java.util.OptionalLong;

/** Checks of the requests behind the first. Immutable. */
final class ConsumeRequests {

  private ConsumeRequests() {}

  static int partition(String field, int number) {
    return RequestNames.partition(field, number);
  }

  /** An empty one is a sign of life, in each mode. */
  static void check(ConsumeAck ack, ConsumeTerms terms) {
    if (ack.getPartitionsCount() > 0 && terms.isBeforeDelivery()) {
      throw new BadRequest("ack.partitions: are not allowed with ack_mode BEFORE_DELIVERY; none");
    }
    for (var ofPartition : ack.getPartitionsList()) {
      partition("ack.partitions.partition", ofPartition.getPartition());
      if (ofPartition.hasUpTo()) {
        RequestNames.recordOffset("ack.partitions.up_to", ofPartition.getUpTo());
      }
      for (int i = 0; i < ofPartition.getOffsetsCount(); i++) {
        RequestNames.recordOffset("ack.partitions.offsets", ofPartition.getOffsets(i));
      }
    }
  }

  static Nack check(ConsumeNack nack, ConsumeTerms terms) {
    if (terms.isBeforeDelivery()) {
      throw new BadRequest(
          "nack: is not allowed with ack_mode BEFORE_DELIVERY, where no record comes again");
    }
    partition("nack.partition", nack.getPartition());
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
