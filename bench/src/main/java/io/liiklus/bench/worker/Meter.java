package io.liiklus.bench.worker;

import io.liiklus.bench.process.CpuTime;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.AtomicHistogram;

/**
 * Counter of the work in a window behind the warm-up. Thread-safe.
 *
 * <p>Processor time is that of the gateway where there is one ({@code gateway.pid} of the order),
 * and else that of this process, which then is the bare client.
 */
final class Meter {

  /** How long the first record may take: clients connect and groups are joined meanwhile. */
  private static final long FIRST_NS = TimeUnit.SECONDS.toNanos(60);

  private static final long LOOK_MS = 10;

  private static final long MAX_NS = TimeUnit.SECONDS.toNanos(60);
  private static final int DIGITS = 3;

  private final LongAdder records = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final CompletableFuture<Void> failure = new CompletableFuture<>();
  private final WorkOrder order;

  /** Times of answers since the window began. */
  private final AtomicHistogram answers = new AtomicHistogram(MAX_NS, DIGITS);

  /** Counts so far, and the time. Immutable. */
  record Snapshot(long ns, long records, long bytes, long ownCpuNs, long gatewayCpuNs) {}

  Meter(WorkOrder order) {
    this.order = order;
  }

  void add(long moreRecords, long moreBytes) {
    records.add(moreRecords);
    bytes.add(moreBytes);
  }

  /**
   * As {@link #add}, of a question that is answered now.
   *
   * @param askedNs when it was asked
   */
  void addAnswer(long moreRecords, long moreBytes, long askedNs) {
    add(moreRecords, moreBytes);
    answers.recordValue(Math.min(MAX_NS, System.nanoTime() - askedNs));
  }

  /** Makes the window end at once, with this. Only the first counts. */
  void fail(Throwable cause) {
    failure.completeExceptionally(cause);
  }

  /** Waits for the first record, then lets pass the warm-up and the window. */
  Figures measure() throws ExecutionException, InterruptedException {
    warmUp();
    return window();
  }

  /** Waits for the first record, then lets pass the warm-up. */
  void warmUp() throws ExecutionException, InterruptedException {
    long startNs = System.nanoTime();
    while (records.sum() == 0 && System.nanoTime() - startNs < FIRST_NS) {
      pass(LOOK_MS, TimeUnit.MILLISECONDS);
    }
    pass(order.number("warm-up"));
  }

  /** Waits for the window only, and for the work's time beyond it. */
  Figures window() throws ExecutionException, InterruptedException {
    answers.reset();
    var before = snapshot();
    pass(order.number("seconds"));
    var after = snapshot();
    var figures = withAnswers(figures(before, after));
    pass(order.number("outlast", 0));
    return figures;
  }

  private Figures withAnswers(Figures figures) {
    return answers.getTotalCount() == 0
        ? figures
        : figures
            .with("p50 ms", answers.getValueAtPercentile(50) / 1e6)
            .with("p99 ms", answers.getValueAtPercentile(99) / 1e6);
  }

  /** Waits, or throws a failure that occurred meanwhile. */
  void pass(int seconds) throws ExecutionException, InterruptedException {
    pass(seconds, TimeUnit.SECONDS);
  }

  void pass(long time, TimeUnit unit) throws ExecutionException, InterruptedException {
    try {
      failure.get(time, unit);
    } catch (TimeoutException good) {
      // Nothing has failed.
    }
  }

  Snapshot snapshot() {
    int gateway = order.number("gateway.pid", 0);
    return new Snapshot(
        System.nanoTime(),
        records.sum(),
        bytes.sum(),
        CpuTime.ofProcessNs(ProcessHandle.current().pid()),
        gateway == 0 ? 0 : CpuTime.ofProcessNs(gateway));
  }

  /** The difference of the two. */
  Figures figures(Snapshot before, Snapshot after) {
    double seconds = (after.ns() - before.ns()) / 1e9;
    double count = after.records() - before.records();
    var unit = order.text("unit", "record");
    if (count == 0) {
      throw new IllegalStateException("not one %s in %.1f s".formatted(unit, seconds));
    }
    double ownUs = (after.ownCpuNs() - before.ownCpuNs()) / 1e3 / count;
    double gatewayUs = (after.gatewayCpuNs() - before.gatewayCpuNs()) / 1e3 / count;
    var figures =
        Figures.of(unit + "s/s", count / seconds)
            .with("MB/s", (after.bytes() - before.bytes()) / seconds / 1e6);
    var cpu = "CPU us/" + unit;
    return order.number("gateway.pid", 0) == 0
        ? figures.with(cpu, ownUs)
        : figures.with(cpu, gatewayUs).with("client " + cpu, ownUs);
  }
}
