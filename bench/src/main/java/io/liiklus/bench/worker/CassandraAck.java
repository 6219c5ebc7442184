package io.liiklus.bench.worker;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.util.List;

/**
 * A loop for each position, which reads its time and writes it with a later one, as the gateway
 * does. Immutable.
 */
final class CassandraAck implements Work {

  private static final String TOPIC = "bare";

  /** The position of one partition of one group. Confined to the driver's thread. */
  private static final class Loop {
    private final CqlSession session;
    private final PreparedStatement times;
    private final PreparedStatement write;
    private final String group;
    private final int partition;
    private final Meter meter;
    private long offset;

    private Loop(
        CqlSession session,
        List<PreparedStatement> statements,
        int number,
        int partition,
        Meter meter) {
      this.session = session;
      this.times = statements.get(0);
      this.write = statements.get(1);
      this.group = "bench-" + number;
      this.partition = partition;
      this.meter = meter;
    }

    private void next() {
      long begunNs = System.nanoTime();
      session
          .executeAsync(times.bind(TOPIC, group, 0, List.of(partition)))
          .thenCompose(
              read -> {
                var row = read.one();
                long after = row == null ? 0 : row.getLong(0) + 1;
                long time = Math.max(System.currentTimeMillis() * 1_000, after);
                return session.executeAsync(
                    write.bind(TOPIC, group, 0, partition, offset++).setQueryTimestamp(time));
              })
          .whenComplete(
              (written, failure) -> {
                if (failure != null) {
                  meter.fail(failure);
                  return;
                }
                meter.addAnswer(1, 0, begunNs);
                next();
              });
    }
  }

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var meter = new Meter(order);
    var table = order.text("keyspace") + ".positions";
    var session = CassandraSession.open(order);
    var statements =
        List.of(
            session.prepare(
                "select writetime(position) from "
                    + table
                    + " where topic = ? and group_name = ? and version = ? and partition in ?"),
            session.prepare(
                "insert into "
                    + table
                    + " (topic, group_name, version, partition, position) values (?, ?, ?, ?, ?)"));
    for (int group = 0; group < 2 * order.number("groups"); group++) {
      for (int partition = 0; partition < order.number("partitions"); partition++) {
        new Loop(session, statements, group, partition, meter).next();
      }
    }
    meter.warmUp();
    try (var writes = PositionWrites.of(order)) {
      long before = writes.count();
      var figures = meter.window();
      double written = writes.count() - before;
      return figures.with("storage writes/s", written / order.number("seconds"));
    }
  }
}
