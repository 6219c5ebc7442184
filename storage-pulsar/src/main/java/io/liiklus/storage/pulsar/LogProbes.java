package io.liiklus.storage.pulsar;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.Offsets;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Reader;

/**
 * Ranges of partitions: the start is the first message of a reader that opens there, kept for a
 * second; the end is asked for each time, for an end that is too old would look like a log that was
 * cut. Thread-safe.
 */
final class LogProbes {

  private static final long KEPT_MS = 1_000;
  private static final OffsetRange EMPTY = new OffsetRange(0, 0);

  private final PulsarConnection pulsar;
  private final PulsarOffsets offsets;
  private final ScheduledExecutorService timer;
  private final Map<String, Probe> probes = new ConcurrentHashMap<>();

  /** A reader at the start of a log, until it is old and nobody asks it any more. */
  private final class Probe {
    private final CompletableFuture<Reader<byte[]>> reader;
    private final CompletableFuture<Message<byte[]>> first;

    /** Those who ask, and the map. */
    private final AtomicInteger users = new AtomicInteger(1);

    private Probe(String partition) {
      reader = pulsar.open(partition, MessageId.earliest, 1);
      first = reader.thenCompose(Reader::readNextAsync);
    }

    private boolean acquire() {
      return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    private void release() {
      if (users.decrementAndGet() == 0) {
        var unused = reader.thenAccept(PulsarConnection::close);
      }
    }

    private CompletionStage<OffsetRange> range() {
      return reader
          .thenCompose(Reader::getLastMessageIdsAsync)
          .thenCompose(ids -> upTo((MessageIdAdv) ids.get(0)));
    }

    private CompletionStage<OffsetRange> upTo(MessageIdAdv last) {
      return last.getEntryId() < 0
          ? CompletableFuture.completedStage(EMPTY)
          : first.thenApply(start -> between((MessageIdAdv) start.getMessageId(), last));
    }
  }

  LogProbes(PulsarConnection pulsar, PulsarOffsets offsets, ScheduledExecutorService timer) {
    this.pulsar = pulsar;
    this.offsets = offsets;
    this.timer = timer;
  }

  private OffsetRange between(MessageIdAdv first, MessageIdAdv last) {
    long end = Offsets.next(offsets.of(last));
    if (end == 0) {
      throw new StorageException(Kind.DATA_LOSS, "the log has no end: " + offsets.limit(last));
    }
    return new OffsetRange(Math.min(offsets.ofEntry(first), end), end);
  }

  /** Of a log without records 0 to 0. */
  CompletionStage<OffsetRange> range(String partition) {
    var probe = probes.compute(partition, (name, kept) -> acquired(name, kept));
    return probe
        .range()
        .toCompletableFuture()
        .orTimeout(pulsar.settings().operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (range, failure) -> {
              probe.release();
              if (failure != null) {
                remove(partition, probe);
                throw pulsar.failure(failure);
              }
              return range;
            });
  }

  /** As {@link #range}, with a start that is not kept from before. */
  CompletionStage<OffsetRange> newRange(String partition) {
    var kept = probes.get(partition);
    if (kept != null) {
      remove(partition, kept);
    }
    return range(partition);
  }

  private Probe acquired(String partition, Probe kept) {
    if (kept != null && kept.acquire()) {
      return kept;
    }
    var opened = new Probe(partition);
    opened.acquire();
    var unused = timer.schedule(() -> remove(partition, opened), KEPT_MS, TimeUnit.MILLISECONDS);
    return opened;
  }

  private void remove(String partition, Probe old) {
    if (probes.remove(partition, old)) {
      old.release();
    }
  }
}
