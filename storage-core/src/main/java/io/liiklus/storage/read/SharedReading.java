package io.liiklus.storage.read;

import io.liiklus.api.Metric;
import io.liiklus.api.OffsetRange;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Reading of a storage, shared by all groups of this process: tail caches at the end of each log,
 * catch-up readers behind it. Thread-safe.
 */
public class SharedReading implements AutoCloseable {

  /** Has a catch-up reader run until it ends. */
  interface ReaderStarter {
    void start(CatchUpReader reader, long number);
  }

  private final ReadSettings settings;
  private final ReadTimings timings;
  private final LogReaders logReaders;
  private final LongSupplier clockNs;
  private final FetchControl control;
  private final TailCaches caches;
  private final SharedScans scans;
  private final CatchUpReaderPool pool;
  private final CatchUpThrottle throttle;
  private final LongAdder caughtUp = new LongAdder();
  private volatile BooleanSupplier mayRead = () -> true;

  /**
   * Starts the threads.
   *
   * @param loads of the processors, by which catching up is slowed down
   */
  public static SharedReading start(
      ReadSettings settings, LogReaders logReaders, Supplier<CpuTargetThrottle.Load> loads) {
    var reading =
        new SharedReading(
            settings,
            ReadTimings.USUAL,
            logReaders,
            System::nanoTime,
            isTailServed ->
                CatchUpThrottle.cpuTarget(
                    settings.catchUpCpuPercent(), loads, isTailServed, System::nanoTime),
            SharedReading::startThread);
    reading.startThreads();
    return reading;
  }

  void startThreads() {
    control.start();
    caches.start();
  }

  static void startThread(CatchUpReader reader, long number) {
    var thread = new Thread(reader, "liiklus-catch-up-" + number);
    thread.setDaemon(true);
    thread.start();
  }

  SharedReading(
      ReadSettings settings,
      ReadTimings timings,
      LogReaders logReaders,
      LongSupplier clockNs,
      Function<LongPredicate, CatchUpThrottle> throttles,
      ReaderStarter starter) {
    this.settings = settings;
    this.timings = timings;
    this.logReaders = logReaders;
    this.clockNs = clockNs;
    this.control = new FetchControl(clockNs);
    this.caches = new TailCaches(settings, timings, logReaders, clockNs);
    this.throttle = throttles.apply(caches::isServed);
    this.scans = new SharedScans(settings.sharedScanBytes());
    this.pool =
        new CatchUpReaderPool(
            settings.catchUpReaders(),
            scans,
            clockNs,
            logReaders,
            number -> starter.start(new CatchUpReader(pool(), this), number),
            timings);
  }

  /**
   * Holds reads back as long as the supplier says no; {@link PartitionFetcher#readOn} answers them.
   * Before the first fetcher.
   *
   * @param allowed asked before each batch, on any thread
   */
  public void readOnlyIf(BooleanSupplier allowed) {
    mayRead = allowed;
  }

  boolean mayRead() {
    return mayRead.getAsBoolean();
  }

  /** Fetches a partition from an offset on, once {@link PartitionFetcher#resume} is called. */
  public PartitionFetcher fetcher(
      LogId log,
      long startOffset,
      FetchListener listener,
      Supplier<CompletionStage<OffsetRange>> range) {
    return new PartitionFetcher(log, startOffset, this, listener, range);
  }

  ReadTimings timings() {
    return timings;
  }

  PrefetchQueue prefetchQueue() {
    return new PrefetchQueue(settings.prefetchBytes(), timings.copyAfter().toNanos());
  }

  LogReaders logReaders() {
    return logReaders;
  }

  FetchControl control() {
    return control;
  }

  TailCaches caches() {
    return caches;
  }

  SharedScans scans() {
    return scans;
  }

  CatchUpReaderPool pool() {
    return pool;
  }

  CatchUpThrottle throttle() {
    return throttle;
  }

  /** Counts records that catch-up readers fetched. */
  LongAdder caughtUp() {
    return caughtUp;
  }

  long nowNs() {
    return clockNs.getAsLong();
  }

  /**
   * Metrics of reading.
   *
   * @param prefix of their names, which names the storage
   */
  public List<Metric> metrics(String prefix) {
    return List.of(
        new Metric(
            prefix + "_tail_caches",
            "Partitions with a tail cache, which are read at their end.",
            caches::count),
        new Metric(prefix + "_tail_cache_bytes", "Bytes of records in tail caches.", caches::bytes),
        new Metric(
            prefix + "_tail_cache_records_total",
            "Records that groups took from tail caches; of one record, once for each group.",
            caches::taken),
        new Metric(
            prefix + "_fetched_records_total",
            "Records that were fetched, for all groups or for one.",
            () -> caches.fetched() + caughtUp.sum()),
        new Metric(
            prefix + "_tail_cache_moves_total",
            "Moves of a partition of a group into its tail cache.",
            caches::moves),
        new Metric(
            prefix + "_catch_up_readers",
            "Partitions that are read for groups that are behind, right now.",
            pool::inUse),
        new Metric(
            prefix + "_catch_up_waiting",
            "Partitions of groups that are behind and wait for a reader.",
            pool::waiting),
        new Metric(
            prefix + "_catch_up_limit_bytes",
            "Limit of fetching for groups that are behind, in bytes of records a second; 0: none.",
            this::catchUpLimit));
  }

  private long catchUpLimit() {
    long limit = throttle.limit();
    return limit == CatchUpThrottle.NO_LIMIT ? 0 : limit;
  }

  @Override
  public void close() {
    pool.close();
    caches.close();
    control.close();
  }
}
