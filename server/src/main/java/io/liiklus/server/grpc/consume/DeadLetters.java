package io.liiklus.server.grpc.consume;

import io.liiklus.server.inflight.DeadLetter.Outcome;
import io.liiklus.server.inflight.InflightPartition;

/** Dead letters of one partition, on their way to their topic. Confined to the call's loop. */
final class DeadLetters {

  private final Consumption consumption;
  private final ConsumedPartition partition;
  private final InflightPartition inflight;

  DeadLetters(Consumption consumption, ConsumedPartition partition, InflightPartition inflight) {
    this.consumption = consumption;
    this.partition = partition;
    this.inflight = inflight;
  }

  /** Publishes those that are due, as many as may be on their way. */
  void publish() {
    for (var next = inflight.pollDeadLetter(System.nanoTime());
        next.isPresent();
        next = inflight.pollDeadLetter(System.nanoTime())) {
      long offset = next.get().offset();
      var unused =
          consumption
              .context()
              .deadLetters()
              .publish(next.get(), consumption.terms(), partition.number())
              .thenAcceptAsync(outcome -> onAnswer(offset, outcome), consumption.loop());
    }
  }

  private void onAnswer(long offset, Outcome outcome) {
    if (partition.isAckable()) {
      inflight.onDeadLetter(offset, outcome, System.nanoTime());
      publish();
      partition.onAcked();
    }
  }
}
