package io.liiklus.aws.dynamodb;

import io.liiklus.api.Metric;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;

/** Counts of calls, for operators. Thread-safe. */
final class CallCounts {

  private final LongAdder throttled = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final DoubleAdder writeUnits = new DoubleAdder();

  void onThrottled() {
    throttled.increment();
  }

  void onRepeated() {
    repeated.increment();
  }

  /**
   * A write was answered.
   *
   * @param consumed null where the server does not say
   */
  void onWritten(ConsumedCapacity consumed) {
    if (consumed != null && consumed.capacityUnits() != null) {
      writeUnits.add(consumed.capacityUnits());
    }
  }

  List<Metric> metrics() {
    return List.of(
        new Metric(
            "dynamodb_throttled_calls_total",
            "Calls that DynamoDB refused as they were above a limit of the table or the account.",
            throttled::sum),
        new Metric(
            "dynamodb_repeated_calls_total",
            "Calls that were made again as their connection closed before the answer.",
            repeated::sum),
        new Metric(
            "dynamodb_write_units_total",
            "Write capacity units that DynamoDB counted for positions.",
            () -> (long) writeUnits.sum()));
  }
}
