package io.liiklus.server.grpc.consume;

import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.grpc.codec.event.NotAnEvent;
import io.liiklus.server.grpc.codec.reply.ReplyFormat;
import io.liiklus.server.grpc.pump.Pump;
import io.liiklus.server.grpc.pump.PumpContext;
import io.liiklus.server.grpc.pump.RecordSink;
import io.liiklus.server.quota.PrincipalQuota;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Stores the position of records before it sends them: at most once. Confined to the call's event
 * loop.
 *
 * <p>What is stored is sent, whether or not the transport is ready: one batch of replies at the
 * most.
 */
final class StoredFirstPump implements Pump {

  private static final Duration RETRY_AFTER = Duration.ofMillis(200);

  private final RecordSink sink;
  private final PartitionReader reader;
  private final ReplyFormat format;
  private final PumpContext context;
  private final PrincipalQuota quota;
  private final LongFunction<CompletionStage<Void>> store;
  private final Consumer<Throwable> onEnd;

  private RecordBatch batch;
  private int index;
  private boolean isReading;
  private boolean isStoring;
  private boolean isHeldBack;
  private boolean isStopped;

  /** Completed once nothing is being stored after the stop. */
  private final CompletableFuture<Void> settled = new CompletableFuture<>();

  /**
   * @param store stores a position
   * @param onEnd notified of the reason why nothing more can be read, or stored
   */
  StoredFirstPump(
      RecordSink sink,
      PartitionReader reader,
      ReplyFormat format,
      PumpContext context,
      PrincipalQuota quota,
      LongFunction<CompletionStage<Void>> store,
      Consumer<Throwable> onEnd) {
    this.sink = sink;
    this.reader = reader;
    this.format = format;
    this.context = context;
    this.quota = quota;
    this.store = store;
    this.onEnd = onEnd;
  }

  @Override
  public void pump() {
    if (isStopped || isReading || isStoring || isHeldBack || !sink.isReady()) {
      return;
    }
    long waitNs = quota.receiveWaitNs();
    if (waitNs > 0) {
      quota.onHeldBack();
      holdBack(waitNs);
    } else if (batch == null || index == batch.size()) {
      read();
    } else {
      storeNext();
    }
  }

  private void holdBack(long waitNs) {
    isHeldBack = true;
    var unused =
        context
            .loop()
            .schedule(
                () -> {
                  isHeldBack = false;
                  pump();
                },
                waitNs,
                TimeUnit.NANOSECONDS);
  }

  private void read() {
    isReading = true;
    batch = null;
    var unused = reader.read().whenCompleteAsync(this::onRead, context.loop());
  }

  private void onRead(RecordBatch found, Throwable failure) {
    isReading = false;
    if (isStopped) {
      return;
    }
    if (failure == null) {
      batch = found;
      index = 0;
      pump();
    } else if (StorageException.of(failure).kind() != Kind.ENDED) {
      onEnd.accept(failure);
    } else {
      // Of a log that has ended for good nothing more comes, and the partition stays.
      isReading = true;
    }
  }

  private void storeNext() {
    int count = Math.min(format.maxRecords(), batch.size() - index);
    isStoring = true;
    var unused =
        store
            .apply(batch.offset(index + count - 1))
            .whenCompleteAsync((none, failure) -> onStored(count, failure), context.loop());
  }

  private void onStored(int count, Throwable failure) {
    isStoring = false;
    if (failure == null) {
      try {
        send(index + count);
      } catch (RuntimeException fault) {
        onEnd.accept(fault);
      }
    }
    if (isStopped) {
      batch = null;
      settled.complete(null);
    } else if (failure == null) {
      pump();
    } else if (isPassing(StorageException.of(failure).kind())) {
      holdBack(RETRY_AFTER.toNanos());
    } else {
      onEnd.accept(failure);
    }
  }

  private static boolean isPassing(Kind kind) {
    return kind == Kind.UNAVAILABLE || kind == Kind.EXHAUSTED;
  }

  private void send(int end) {
    var encoder = context.encoder();
    while (index < end) {
      encoder.begin(format);
      try {
        int added = encoder.appendFrom(batch, index, end - index);
        index += added;
      } catch (NotAnEvent reason) {
        encoder.begin(format.ofBytes());
        encoder.append(batch, index++);
      }
      var reply = encoder.end();
      quota.onReceived(reply.available());
      sink.send(reply);
    }
  }

  @Override
  public void stop() {
    var unused = stopWhenSent();
  }

  /** Stops; completes once what is being stored is stored and sent, or is not. */
  CompletableFuture<Void> stopWhenSent() {
    isStopped = true;
    if (!isStoring) {
      batch = null;
      settled.complete(null);
    }
    return settled;
  }
}
