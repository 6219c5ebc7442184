package io.liiklus.server.grpc.consume;

import com.github.bsideup.liiklus.protocol.PartitionFailure;
import io.liiklus.api.Offsets;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.grpc.codec.reply.ReplyFormat;
import io.liiklus.server.grpc.codec.status.Statuses;
import io.liiklus.server.grpc.pump.Pump;
import io.liiklus.server.grpc.pump.RecordPump;
import io.liiklus.server.inflight.InflightPartition;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Sending of one partition's records: those that come again, then further ones by a pump. Confined
 * to the call's event loop.
 */
final class PartitionReading {

  private static final long NONE = -1;

  private final Consumption consumption;
  private final ConsumedPartition partition;
  private final InflightPartition inflight;
  private final PositionWriter writer;
  private final PartitionSink sink;
  private final Redelivery redelivery;

  private ReplyFormat format;

  /** Null until it is known where to begin. */
  private Pump pump;

  /** Offset of a record that cannot be read, at which the partition stands; {@link #NONE}. */
  private long failedAt = NONE;

  PartitionReading(
      Consumption consumption,
      ConsumedPartition partition,
      InflightPartition inflight,
      PositionWriter writer) {
    this.consumption = consumption;
    this.partition = partition;
    this.inflight = inflight;
    this.writer = writer;
    this.sink = new PartitionSink(consumption, partition, inflight);
    this.redelivery = new Redelivery(consumption, inflight);
  }

  /** Begins where the assignment's reader stands. */
  void open(long replayedUpTo) {
    format =
        consumption.terms().format().replayedUpTo(replayedUpTo).ofPartition(partition.number());
    openPump();
  }

  private void openPump() {
    var context = consumption.context();
    var reader =
        context
            .processors()
            .reader(
                partition.assignment().reader(),
                consumption.terms().topic(),
                consumption.loop(),
                partition::isWanted);
    if (consumption.terms().isBeforeDelivery()) {
      pump =
          new StoredFirstPump(
              sink,
              reader,
              format,
              consumption.pumpContext(),
              consumption.quota(),
              this::storeFirst,
              this::onEnd);
      return;
    }
    var opened = new RecordPump(sink, reader, format, consumption.pumpContext(), this::onEnd);
    opened.useWithin(consumption.quota());
    pump = opened;
  }

  private CompletionStage<Void> storeFirst(long position) {
    writer.store(position, 0);
    return writer.flush(PositionWriter.PATIENCE);
  }

  /**
   * Sends what is there and may be sent.
   *
   * @return time until the client's quota allows more of what comes again; 0: it does
   */
  long send() {
    if (pump == null) {
      return 0;
    }
    try {
      long heldBackNs = redelivery.send(format);
      pump.pump();
      return heldBackNs;
    } catch (RuntimeException fault) {
      consumption.fail(fault);
      return 0;
    }
  }

  /** Nothing more can be read. */
  void onEnd(Throwable failure) {
    if (RecordPump.isOfTaken(failure) || !partition.isWanted()) {
      return;
    }
    var known = StorageException.of(failure);
    if (known.kind() == Kind.DATA_LOSS && known.offset().isPresent()) {
      failedAt = known.offset().getAsLong();
      var status = Statuses.of(failure);
      consumption
          .replies()
          .failed(
              PartitionFailure.newBuilder()
                  .setPartition(partition.number())
                  .setOffset(failedAt)
                  .setCode(status.getCode().value())
                  .setMessage(status.getDescription())
                  .build());
    } else {
      consumption.fail(failure);
    }
  }

  /** Whether it stands at a record that cannot be read, at this offset. */
  boolean isFailedAt(long offset) {
    return failedAt != NONE && failedAt == offset;
  }

  /** Goes on behind the record that cannot be read. */
  void passFailure() {
    inflight.pass(failedAt);
    if (partition.isRead()) {
      pump.stop();
      partition.assignment().seek(partition, Offsets.next(failedAt));
      openPump();
    }
    failedAt = NONE;
  }

  void stop() {
    if (pump != null) {
      pump.stop();
    }
  }

  /** Stops; completes once what is stored is sent, where positions are stored first. */
  CompletableFuture<Void> stopWhenSent() {
    if (pump instanceof StoredFirstPump first) {
      return first.stopWhenSent();
    }
    stop();
    return CompletableFuture.completedFuture(null);
  }
}
