package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Figures;
import java.util.Map;

/**
 * Rate at which acks are stored in DynamoDB, for which dynalite stands in, beside a client that
 * makes the same updates itself. Immutable.
 */
record DynamoAcks() implements Case {

  private static final int PARTITIONS = 8;
  private static final int GROUPS = 8;
  private static final int IN_FLIGHT = 4_096;

  /** dynalite checks no signature, and no machine of AWS is asked. */
  private static final String CREDENTIALS =
      "-Daws.accessKeyId=test -Daws.secretAccessKey=test -Daws.disableEc2Metadata=true";

  @Override
  public String title() {
    return "acks-dynamodb";
  }

  @Override
  public String what() {
    return ("%,d acks on their way for %d positions by sessions and %d without, in dynalite; bare:"
            + " one update on its way for each of %d positions")
        .formatted(IN_FLIGHT, positions(), positions(), positions());
  }

  private static int positions() {
    return GROUPS * PARTITIONS;
  }

  @Override
  public Comparison run(Lab lab) {
    return Comparison.inTurn(lab.options().pairs(), () -> bare(lab), () -> gateway(lab));
  }

  private static WorkOrder order(Lab lab, String work) {
    return WorkOrder.of(work)
        .with("partitions", PARTITIONS)
        .with("groups", GROUPS)
        .with("dynamo.counts", lab.dynamo().countsEndpoint())
        .with("unit", "ack");
  }

  private static Figures bare(Lab lab) {
    return lab.measure(
        order(lab, "dynamo-update").with("dynamo.endpoint", lab.dynamo().endpoint()));
  }

  private static Figures gateway(Lab lab) {
    var order =
        order(lab, "gateway-ack")
            .with("topic", lab.emptyTopic(PARTITIONS))
            .with("in-flight", IN_FLIGHT);
    try (var gateway = lab.startGateway(Lab.Positions.DYNAMODB, CREDENTIALS, Map.of())) {
      return lab.measure(order, gateway);
    }
  }
}
