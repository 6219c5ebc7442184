package io.liiklus.server.grpc.consume;

import io.liiklus.api.RecordBatch;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.pump.RecordSink;
import io.liiklus.server.inflight.InflightPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the pump of a partition sends: within the partition's window, into the call that all its
 * partitions share. Confined to the call's event loop.
 */
final class PartitionSink implements RecordSink {

  private static final Logger log = LoggerFactory.getLogger(PartitionSink.class);

  private final Consumption consumption;
  private final ConsumedPartition partition;
  private final InflightPartition inflight;

  PartitionSink(Consumption consumption, ConsumedPartition partition, InflightPartition inflight) {
    this.consumption = consumption;
    this.partition = partition;
    this.inflight = inflight;
  }

  @Override
  public boolean isReady() {
    if (!partition.isRead() || !consumption.replies().canSend(partition.number())) {
      return false;
    }
    if (consumption.terms().isBeforeDelivery() || inflight.room() > 0) {
      return true;
    }
    if (inflight.isTooFarAhead()) {
      warnOfFarAhead();
    }
    return false;
  }

  @Override
  public int maxRecords() {
    return inflight.room();
  }

  @Override
  public long maxBytes() {
    return inflight.byteRoom();
  }

  @Override
  public int sendable(RecordBatch batch, int from) {
    return inflight.sendable(batch, from);
  }

  @Override
  public void hold(RecordBatch batch, int index) {
    inflight.hold(batch, index, System.nanoTime());
    consumption.onUnacked();
  }

  @Override
  public void onAppended(RecordBatch batch, int from, int records, int bytes) {
    inflight.onSent(batch, from, records, bytes, System.nanoTime());
    consumption.onUnacked();
  }

  @Override
  public void send(EncodedReply reply) {
    // What was stored first may have taken so long that the partition is another's.
    if (!partition.isOver()) {
      consumption.replies().send(reply);
    }
  }

  private void warnOfFarAhead() {
    if (consumption.context().farAhead().permits()) {
      var terms = consumption.terms();
      log.warn(
          "a partition waits, as too many records lie behind its stored position, topic={}"
              + " group={} version={} partition={} consume.maxAheadRecords={} (logged once a"
              + " minute)",
          terms.topic(),
          terms.group().name(),
          terms.group().version(),
          partition.number(),
          terms.limits().maxAhead());
    }
  }
}
