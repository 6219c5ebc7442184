package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * One loop that selects the records that a gateway has stored, {@code batch} of a partition after
 * as many of the next; a partition that is read to its end begins again. Immutable.
 */
final class JdbcReceive implements Work {

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var meter = new Meter(order);
    var reader = new Thread(() -> read(order, meter), "reader");
    reader.setDaemon(true);
    reader.start();
    return meter.measure();
  }

  private static void read(WorkOrder order, Meter meter) {
    int batch = order.number("batch");
    try (var database = JdbcLogs.open(order, JdbcLogs.GATEWAY)) {
      var logs = database.logs(order.text("topic"));
      Map<Long, Long> next = new HashMap<>();
      while (!Thread.currentThread().isInterrupted()) {
        for (long log : logs.values()) {
          int count =
              database.read(log, next.getOrDefault(log, 0L), batch, new Check(log, next, meter));
          if (count < batch) {
            next.put(log, 0L);
          }
        }
      }
    } catch (SQLException | RuntimeException failure) {
      meter.fail(failure);
    }
  }

  /** Counts records, and fails where one is missing. Confined to the reader's thread. */
  private record Check(long log, Map<Long, Long> next, Meter meter) implements JdbcLogs.Reader {
    @Override
    public void record(long offset, byte[] value) {
      long expected = next.getOrDefault(log, 0L);
      if (offset != expected) {
        throw new IllegalStateException(log + ": " + offset + " instead of " + expected);
      }
      next.put(log, offset + 1);
      meter.add(1, value.length);
    }
  }
}
