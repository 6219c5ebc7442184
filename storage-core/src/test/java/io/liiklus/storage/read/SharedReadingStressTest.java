package io.liiklus.storage.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.liiklus.api.PartitionReader;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Groups that read on threads of their own, out of caches so small that they fall out of them and
 * come back all the time, with seeks and ends between. {@code -Dliiklus.stress.reads=N} has each
 * group read more than the build does.
 */
@Timeout(600)
class SharedReadingStressTest {

  private static final int READS = Integer.getInteger("liiklus.stress.reads", 6_000);
  private static final int GROUPS = 8;
  private static final int PARTITIONS = 2;
  private static final int CATCH_UP_READERS = 3;
  private static final long KEPT_BYTES = 20_000;
  private static final Duration LONGEST_READ = Duration.ofSeconds(20);

  private static final ReadSettings SMALL =
      new ReadSettings(1_500, 2, 2_000, 5_000, CATCH_UP_READERS, KEPT_BYTES, 100);
  private static final ReadTimings SHORT =
      new ReadTimings(
          Duration.ofMillis(100),
          Duration.ofMillis(20),
          Duration.ofMillis(30),
          Duration.ofMillis(50),
          Duration.ofMillis(5),
          Duration.ofMillis(2),
          Duration.ofMillis(20),
          Duration.ofMillis(1));

  private final AtomicLongArray ends = new AtomicLongArray(PARTITIONS);
  private final SharedReading reading =
      new SharedReading(
          SMALL,
          SHORT,
          new FakeLogReaders() {
            @Override
            LogReader open() {
              return new CrowdedLogReader(ends, new Random());
            }
          },
          System::nanoTime,
          isTailServed -> CatchUpThrottle.unlimited(),
          SharedReading::startThread);

  /** What listeners were notified of, which is a fault: the logs are whole. */
  private final Queue<String> troubles = new ConcurrentLinkedQueue<>();

  private volatile boolean isOver;

  @Test
  void everyGroup_readsEveryOffsetOnceAndInOrder() throws Exception {
    var threads = Executors.newFixedThreadPool(GROUPS + 1);
    reading.startThreads();
    try {
      var writer = threads.submit(this::write);
      var groups = new ArrayList<Future<Integer>>();
      for (int i = 0; i < GROUPS; i++) {
        groups.add(threads.submit(new Group(new Random())));
      }
      for (var group : groups) {
        assertEquals(READS, group.get(), () -> "troubles: " + troubles);
      }
      assertEquals(List.of(), List.copyOf(troubles));
      isOver = true;
      writer.get();
    } finally {
      isOver = true;
      threads.shutdownNow();
      reading.close();
    }
  }

  private void write() {
    var random = new Random();
    while (!isOver) {
      ends.addAndGet(random.nextInt(PARTITIONS), 1 + random.nextInt(5));
      int what = random.nextInt(100);
      if (what == 0) {
        LockSupport.parkNanos(30_000_000);
      } else if (what < 60) {
        LockSupport.parkNanos(1);
      }
    }
  }

  /** Reads one assignment after the other, each of some partition. Confined to its thread. */
  private final class Group implements Callable<Integer>, FetchListener {

    private final Random random;
    private PartitionReader reader;
    private int partition;
    private long expected;
    private int reads;

    private Group(Random random) {
      this.random = random;
    }

    @Override
    public Integer call() throws Exception {
      while (reads < READS) {
        var fetcher = assign();
        int life = 1 + random.nextInt(random.nextBoolean() ? 30 : 2_000);
        for (int i = 0; i < life && reads < READS; i++) {
          read();
        }
        fetcher.end(new StorageException(Kind.REVOKED, "the partition was revoked"));
      }
      return reads;
    }

    private PartitionFetcher assign() {
      partition = random.nextInt(PARTITIONS);
      long end = ends.get(partition);
      expected = random.nextBoolean() ? end : Math.max(0, end - random.nextInt(200));
      var fetcher =
          reading.fetcher(
              new LogId("t", partition, "1"),
              expected,
              this,
              () -> CompletableFuture.failedStage(new IllegalStateException("nobody asks")));
      fetcher.resume(0, FetchPosition.named(expected), expected == end);
      reader = fetcher.reader();
      return fetcher;
    }

    private void read() throws Exception {
      int what = random.nextInt(100);
      if (what < 15) {
        seek();
      } else if (what < 18) {
        LockSupport.parkNanos(random.nextInt(200_000));
      }
      var read = reader.read().toCompletableFuture();
      if (what > 95) {
        seek();
        try {
          read.get(LONGEST_READ.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException superseded) {
          // Or it was answered just before.
        }
        return;
      }
      var batch = read.get(LONGEST_READ.toSeconds(), TimeUnit.SECONDS);
      reads++;
      for (int i = 0; i < batch.size(); i++) {
        assertEquals(expected++, batch.offset(i), "partition " + partition);
      }
    }

    private void seek() {
      expected = Math.max(0, ends.get(partition) - random.nextInt(300));
      reader.seek(expected);
    }

    @Override
    public void onOutOfRange(PartitionFetcher fetcher, long generation, long offset, long cutAt) {
      troubles.add("out of range at " + offset);
    }

    @Override
    public void onTailOutOfRange(PartitionFetcher fetcher, long generation) {
      troubles.add("out of range at the end");
    }

    @Override
    public boolean onUnreadable(
        PartitionFetcher fetcher, long generation, long offset, String reason) {
      troubles.add("unreadable at " + offset);
      return false;
    }

    @Override
    public void onMachineFault(PartitionFetcher fetcher, long generation) {
      troubles.add("a fault of the machine");
    }

    @Override
    public void onRefused(StorageException reason) {
      troubles.add("refused: " + reason);
    }
  }
}
