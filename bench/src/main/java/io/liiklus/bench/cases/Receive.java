package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.Topic;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import java.util.ArrayList;
import java.util.List;

/**
 * Rate at which a filled topic is read. Immutable.
 *
 * @param batch the most records that a reply may hold; 0: one
 * @param groups how many groups read it, each of them all
 */
record Receive(int bytes, boolean isEvents, int batch, int groups) implements Case {

  private static final int BATCH = 500;
  private static final int MANY_GROUPS = 8;

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    for (int bytes : new int[] {100, 1_000, 10_000}) {
      cases.add(new Receive(bytes, false, 0, 1));
      cases.add(new Receive(bytes, false, BATCH, 1));
    }
    for (int bytes : new int[] {100, 1_000}) {
      cases.add(new Receive(bytes, true, 0, 1));
      cases.add(new Receive(bytes, true, BATCH, 1));
    }
    cases.add(new Receive(100, false, 0, MANY_GROUPS));
    cases.add(new Receive(100, false, BATCH, MANY_GROUPS));
    return cases;
  }

  @Override
  public String title() {
    return "receive-"
        + (isEvents ? "event-" : "")
        + bytes
        + (groups > 1 ? "-groups" : "")
        + (batch > 0 ? "-batched" : "");
  }

  @Override
  public String what() {
    return "values of %d bytes, %s, %s, %s"
        .formatted(
            bytes,
            isEvents ? "events" : "raw",
            batch > 0 ? "up to " + batch + " a reply" : "one a reply",
            groups > 1 ? groups + " groups" : "one group");
  }

  @Override
  public Comparison run(Lab lab) {
    var topic = lab.load(Topic.of(bytes, isEvents, lab.options().topicMb()));
    var bare = order(topic, "bare-receive").with("groups", groups);
    var ofGateway =
        order(topic, "gateway-receive")
            .with("groups", groups)
            .with("event", isEvents ? 1 : 0)
            .with("batch", batch);
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY)) {
      return Comparison.inTurn(
          lab.options().pairs(),
          () -> lab.measureBare(bare),
          () -> lab.measure(ofGateway, gateway));
    }
  }

  /** To read the topic, again and again. */
  static WorkOrder order(Topic topic, String kind) {
    return WorkOrder.of(kind)
        .with("topic", topic.name())
        .with("partitions", topic.partitions())
        .with("records", topic.records());
  }
}
