package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Loops that insert records, {@code batch} in a transaction, as fast as the database commits them:
 * one for each of the {@code writers}, each with partitions of its own. Immutable.
 */
final class JdbcPublish implements Work {

  private static final String TOPIC = "bare";

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var meter = new Meter(order);
    int writers = order.number("writers");
    List<Long> logs;
    try (var maker = JdbcLogs.open(order, JdbcLogs.BARE)) {
      maker.create(TOPIC, order.number("partitions"));
      logs = List.copyOf(maker.logs(TOPIC).values());
    }
    for (int i = 0; i < writers; i++) {
      int writer = i;
      var own =
          IntStream.range(0, logs.size())
              .filter(log -> log % writers == writer)
              .mapToObj(logs::get)
              .toList();
      var thread = new Thread(() -> write(order, own, meter), "writer-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    return meter.measure();
  }

  private static void write(WorkOrder order, List<Long> logs, Meter meter) {
    var value = new byte[order.number("bytes")];
    int batch = order.number("batch");
    try (var database = JdbcLogs.open(order, JdbcLogs.BARE)) {
      while (!Thread.currentThread().isInterrupted()) {
        long begunNs = System.nanoTime();
        int left = batch;
        for (int i = 0; i < logs.size() && left > 0; i++) {
          int count = (left + logs.size() - i - 1) / (logs.size() - i);
          database.append(logs.get(i), value, count);
          left -= count;
        }
        database.commit();
        meter.addAnswer(batch, (long) batch * value.length, begunNs);
      }
    } catch (SQLException | RuntimeException failure) {
      meter.fail(failure);
    }
  }
}
