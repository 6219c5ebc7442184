package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.Topic;
import io.liiklus.bench.report.Comparison;
import java.util.List;

/**
 * Topic whose records are all in one of its partitions. Immutable.
 *
 * @param partitions how many it has
 * @param limit how many bytes a second the client takes; 0: all
 */
record Skew(int partitions, int limit) implements Case {

  private static final int BYTES = 1_000;
  private static final int LIMIT = 20_000_000;

  static List<Case> all() {
    return List.of(new Skew(8, 0), new Skew(8, LIMIT), new Skew(64, 0), new Skew(64, LIMIT));
  }

  @Override
  public String title() {
    return (partitions == 8 ? "skew" : "skew-" + partitions) + (limit == 0 ? "" : "-limited");
  }

  @Override
  public String what() {
    return "values of %d bytes, all in one of %d partitions, a client that takes %s"
        .formatted(BYTES, partitions, limit == 0 ? "all" : limit / 1_000_000 + " MB/s");
  }

  @Override
  public Comparison run(Lab lab) {
    var topic = lab.load(Topic.skewed(BYTES, partitions, lab.options().topicMb()));
    var bare = Receive.order(topic, "bare-receive").with("limit", limit);
    var ofGateway = Receive.order(topic, "gateway-receive").with("limit", limit);
    try (var gateway = lab.startGateway(Lab.Positions.MEMORY)) {
      return Comparison.inTurn(
          lab.options().pairs(),
          () -> lab.measureBare(bare),
          () -> lab.measure(ofGateway, gateway));
    }
  }
}
