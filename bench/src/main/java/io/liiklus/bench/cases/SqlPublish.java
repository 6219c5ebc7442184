package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import java.util.ArrayList;
import java.util.List;

/**
 * Rate at which records are stored in a database, beside loops of JDBC whose transactions are as
 * large. Immutable.
 *
 * @param batch records in a call; 0: one, by the call for one
 */
record SqlPublish(SqlKind kind, int batch, int inFlight) implements Case {

  private static final int BYTES = 100;
  private static final int UNARY_IN_FLIGHT = 64;
  private static final int BATCH = 200;
  private static final int BATCHES_IN_FLIGHT = 8;

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    for (var kind : SqlKind.values()) {
      cases.add(new SqlPublish(kind, 0, UNARY_IN_FLIGHT));
      cases.add(new SqlPublish(kind, BATCH, BATCH * BATCHES_IN_FLIGHT));
    }
    return cases;
  }

  @Override
  public String title() {
    return kind.title() + "-publish" + (batch > 0 ? "-batched" : "");
  }

  @Override
  public String what() {
    return "values of %d bytes, %s, %,d records on their way; bare: %d loop%s, %d a transaction"
        .formatted(
            BYTES,
            batch > 0 ? batch + " a call" : "one a call",
            inFlight,
            kind.writers(),
            kind.writers() > 1 ? "s" : "",
            transaction());
  }

  /** Records in a transaction of the bare side. */
  private int transaction() {
    return batch > 0 ? batch : inFlight / kind.writers();
  }

  @Override
  public Comparison run(Lab lab) {
    var bare =
        kind.create(lab)
            .order("jdbc-publish")
            .with("bytes", BYTES)
            .with("batch", transaction())
            .with("writers", kind.writers());
    var ofGateway =
        WorkOrder.of("gateway-publish")
            .with("topic", "bench")
            .with("bytes", BYTES)
            .with("batch", batch)
            .with("in-flight", inFlight);
    try (var gateway = lab.startGateway(kind.create(lab).settings())) {
      return Comparison.inTurn(
          lab.options().pairs(), () -> lab.measure(bare), () -> lab.measure(ofGateway, gateway));
    }
  }
}
