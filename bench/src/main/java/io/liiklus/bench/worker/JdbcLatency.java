package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Time from a loop that commits what is due to a loop that selects it: after each commit, or each
 * {@code poll} ms. Immutable.
 */
final class JdbcLatency implements Work {

  private static final String TOPIC = "bare";
  private static final int MOST = 500;

  /** What the two loops share. Immutable. */
  private record Loops(
      WorkOrder order, Meter meter, BlockingQueue<byte[]> due, Semaphore committed) {}

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var meter = new Meter(order);
    var latencies = new Latencies(order, meter);
    try (var maker = JdbcLogs.open(order, JdbcLogs.BARE)) {
      maker.create(TOPIC, order.number("partitions"));
    }
    var loops = new Loops(order, meter, new LinkedBlockingQueue<>(), new Semaphore(0));
    start("writer", () -> write(loops), meter);
    start("reader", () -> read(loops, latencies), meter);
    return latencies.run(loops.due::add);
  }

  private interface Loop {
    void run() throws SQLException, InterruptedException;
  }

  private static void start(String name, Loop loop, Meter meter) {
    var thread =
        new Thread(
            () -> {
              try {
                loop.run();
              } catch (SQLException | InterruptedException | RuntimeException failure) {
                meter.fail(failure);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void write(Loops loops) throws SQLException, InterruptedException {
    try (var database = JdbcLogs.open(loops.order, JdbcLogs.BARE)) {
      var logs = List.copyOf(database.logs(TOPIC).values());
      int turn = 0;
      while (true) {
        var batch = new ArrayList<byte[]>();
        batch.add(loops.due.take());
        loops.due.drainTo(batch, MOST);
        // As the gateway does, one partition after the other.
        Map<Long, List<byte[]>> byLog = new HashMap<>();
        for (var value : batch) {
          long log = logs.get(turn++ % logs.size());
          byLog.computeIfAbsent(log, added -> new ArrayList<>()).add(value);
        }
        for (var one : byLog.entrySet()) {
          database.append(one.getKey(), one.getValue().toArray(byte[][]::new));
        }
        database.commit();
        loops.committed.release();
      }
    }
  }

  private static void read(Loops loops, Latencies latencies)
      throws SQLException, InterruptedException {
    int pollMs = loops.order.number("poll");
    try (var database = JdbcLogs.open(loops.order, JdbcLogs.BARE)) {
      var logs = database.logs(TOPIC);
      Map<Long, Long> next = new HashMap<>();
      while (true) {
        if (pollMs == 0) {
          loops.committed.acquire();
          loops.committed.drainPermits();
        } else {
          TimeUnit.MILLISECONDS.sleep(pollMs);
        }
        for (long log : logs.values()) {
          database.read(
              log,
              next.getOrDefault(log, 0L),
              MOST,
              (offset, value) -> {
                latencies.received(ByteBuffer.wrap(value));
                next.put(log, offset + 1);
              });
        }
      }
    }
  }
}
