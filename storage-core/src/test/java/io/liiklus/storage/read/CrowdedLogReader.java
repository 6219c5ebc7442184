package io.liiklus.storage.read;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Reader of logs that grow while true threads read them: a few records of each partition at a time,
 * and now and then a failure that passes. Confined to its reader's thread, but for {@link #wakeUp}.
 */
final class CrowdedLogReader implements LogReader {

  private static final ByteBuffer VALUE = ByteBuffer.allocate(50);
  private static final int MOST_AT_A_TIME = 20;
  private static final int FETCHES_FOR_A_FAILURE = 2_000;
  private static final long SHORTEST_PARK_NS = 1;

  private final AtomicLongArray ends;
  private final Random random;
  private final Map<LogId, Long> positions = new HashMap<>();
  private final AtomicBoolean isWoken = new AtomicBoolean();

  /**
   * @param ends how far the log of each partition goes
   */
  CrowdedLogReader(AtomicLongArray ends, Random random) {
    this.ends = ends;
    this.random = random;
  }

  @Override
  public void assign(Collection<LogId> logs) {
    positions.keySet().retainAll(logs);
  }

  @Override
  public void seek(LogId log, FetchPosition position) {
    positions.put(log, position.offset());
  }

  @Override
  public void wakeUp() {
    isWoken.set(true);
  }

  @Override
  public void close() {}

  @Override
  public List<FetchOutcome> fetch(Duration wait) {
    long untilNs = System.nanoTime() + wait.toNanos();
    if (random.nextInt(FETCHES_FOR_A_FAILURE) == 0) {
      var reason = new StorageException(Kind.UNAVAILABLE, "a failure that passes");
      return List.of(new FetchOutcome.Away(reason, false));
    }
    while (true) {
      if (isWoken.getAndSet(false)) {
        return List.of();
      }
      boolean isOver = System.nanoTime() - untilNs >= 0;
      var found = fetch();
      if (isOver || found.stream().anyMatch(each -> each.batch() != null)) {
        return List.copyOf(found);
      }
      LockSupport.parkNanos(SHORTEST_PARK_NS);
    }
  }

  private List<FetchOutcome.Records> fetch() {
    var found = new ArrayList<FetchOutcome.Records>();
    int most = 1 + random.nextInt(MOST_AT_A_TIME);
    for (var log : List.copyOf(positions.keySet())) {
      long from = positions.get(log);
      long end = ends.get(log.partition());
      long to = Math.min(end, from + most);
      positions.put(log, to);
      var batch = to == from ? null : new FakeBatch(records(from, to));
      var next = FetchPosition.named(to);
      found.add(new FetchOutcome.Records(log, batch, next, end - to));
    }
    return found;
  }

  private static List<FakeLog.Entry> records(long from, long to) {
    var records = new ArrayList<FakeLog.Entry>();
    for (long offset = from; offset < to; offset++) {
      records.add(new FakeLog.Entry(offset, FetchPosition.UNKNOWN, VALUE));
    }
    return records;
  }
}
