package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;

/**
 * Rate at which acks are stored in Cassandra, beside a bare driver that reads the time of each
 * position and writes it with a later one. Immutable.
 */
record CassandraAcks() implements Case {

  private static final int PARTITIONS = 8;
  private static final int GROUPS = 4;
  private static final int IN_FLIGHT = 4_096;

  @Override
  public String title() {
    return "acks-cassandra";
  }

  @Override
  public String what() {
    return "%,d acks on their way, %d positions; bare: a loop for each position"
        .formatted(IN_FLIGHT, 2 * GROUPS * PARTITIONS);
  }

  @Override
  public Comparison run(Lab lab) {
    var bare = order(lab, "cassandra-ack");
    var ofGateway =
        order(lab, "gateway-ack")
            .with("topic", lab.emptyTopic(PARTITIONS))
            .with("in-flight", IN_FLIGHT);
    // It makes the tables too.
    try (var gateway = lab.startGateway(Lab.Positions.CASSANDRA)) {
      return Comparison.inTurn(
          lab.options().pairs(), () -> lab.measure(bare), () -> lab.measure(ofGateway, gateway));
    }
  }

  private static WorkOrder order(Lab lab, String kind) {
    return WorkOrder.of(kind)
        .with("cassandra.port", lab.cassandra().port())
        .with("keyspace", Lab.CASSANDRA_KEYSPACE)
        .with("groups", GROUPS)
        .with("partitions", PARTITIONS)
        .with("unit", "ack");
  }
}
