package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.Topic;
import io.liiklus.bench.report.Comparison;

/** Wait of a new group for its first record. Immutable. */
record First() implements Case {

  private static final int BYTES = 100;

  @Override
  public String title() {
    return "first-record";
  }

  @Override
  public String what() {
    return "from joining a new group until its first record, one after the other";
  }

  @Override
  public Comparison run(Lab lab) {
    var topic = lab.load(Topic.of(BYTES, false, lab.options().topicMb()));
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY)) {
      return Comparison.inTurn(
          lab.options().pairs(),
          () -> lab.measureBare(Receive.order(topic, "bare-first")),
          () -> lab.measure(Receive.order(topic, "gateway-first"), gateway));
    }
  }
}
