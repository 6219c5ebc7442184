package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.AtomicHistogram;

/**
 * Open loop: records are sent at times that are fixed beforehand, whether or not those before have
 * arrived, and each carries the time at which it was due. Latency is counted from then on, so that
 * a record that was sent late counts as late. Thread-safe.
 */
final class Latencies {

  private static final long MAX_NS = TimeUnit.SECONDS.toNanos(60);
  private static final int DIGITS = 3;
  private static final long STRAGGLERS_NS = TimeUnit.SECONDS.toNanos(30);
  private static final long LOOK_MS = 1;

  private final AtomicHistogram histogram = new AtomicHistogram(MAX_NS, DIGITS);
  private final LongAdder received = new LongAdder();
  private final WorkOrder order;
  private final Meter meter;
  private volatile long windowStartNs = Long.MAX_VALUE;

  Latencies(WorkOrder order, Meter meter) {
    this.order = order;
    this.meter = meter;
  }

  /** A record has arrived. */
  void received(ByteBuffer value) {
    long intendedNs = value.getLong(value.position());
    received.increment();
    meter.add(1, value.remaining());
    if (intendedNs - windowStartNs >= 0) {
      histogram.recordValue(Math.min(MAX_NS, System.nanoTime() - intendedNs));
    }
  }

  /** Sends for the warm-up and the window, waits for records under way, and returns the figures. */
  Figures run(Consumer<byte[]> sender) throws Exception {
    var pacer = new Thread(() -> send(sender), "pacer");
    pacer.setDaemon(true);
    pacer.start();
    meter.pass(order.number("warm-up"));
    var before = meter.snapshot();
    meter.pass(order.number("seconds"));
    awaitStragglers();
    var after = meter.snapshot();
    double seconds = (after.ns() - before.ns()) / 1e9;
    return meter
        .figures(before, after)
        // Only records that were due in the window, and none left over from the warm-up.
        .with("records/s", histogram.getTotalCount() / seconds / order.number("groups", 1))
        .with(new Figures(percentiles()));
  }

  private Map<String, Double> percentiles() {
    var values = new LinkedHashMap<String, Double>();
    for (var percentile : new double[] {50, 99, 99.9}) {
      var name = "p" + Double.toString(percentile).replaceAll("\\.0$", "") + " ms";
      values.put(name, histogram.getValueAtPercentile(percentile) / 1e6);
    }
    values.put("max ms", histogram.getMaxValue() / 1e6);
    return values;
  }

  private void send(Consumer<byte[]> sender) {
    long intervalNs = TimeUnit.SECONDS.toNanos(1) / order.number("rate");
    long startNs = System.nanoTime();
    long warmNs = TimeUnit.SECONDS.toNanos(order.number("warm-up"));
    windowStartNs = startNs + warmNs;
    int total = total();
    for (int i = 0; i < total; i++) {
      long intendedNs = startNs + i * intervalNs;
      for (long ns = intendedNs - System.nanoTime(); ns > 0; ) {
        LockSupport.parkNanos(ns);
        ns = intendedNs - System.nanoTime();
      }
      var value = new byte[order.number("bytes")];
      ByteBuffer.wrap(value).putLong(intendedNs);
      sender.accept(value);
    }
  }

  private int total() {
    return order.number("rate") * (order.number("warm-up") + order.number("seconds"));
  }

  /** A rate below the requested one shows that this took long. */
  private void awaitStragglers() throws ExecutionException, InterruptedException {
    long startNs = System.nanoTime();
    long expected = (long) total() * order.number("groups", 1);
    while (received.sum() < expected) {
      if (System.nanoTime() - startNs > STRAGGLERS_NS) {
        throw new IllegalStateException("received " + received.sum() + " of " + expected);
      }
      meter.pass(LOOK_MS, TimeUnit.MILLISECONDS);
    }
  }
}
