package io.liiklus.server.grpc.calls;

import io.liiklus.api.Settings;
import io.liiklus.server.grpc.consume.ConsumeOptions;
import io.liiklus.server.grpc.limits.ReadLimiter;
import io.liiklus.server.grpc.limits.RequestSizes;
import io.liiklus.server.grpc.publish.PublishRules;
import java.time.Duration;

/**
 * Settings of calls, and the bounds on their number. Immutable.
 *
 * @param maxWaitingReads see {@link ReadLimiter}
 */
public record CallOptions(
    RequestSizes sizes,
    PublishRules publish,
    CallTimings timings,
    ReceiveOptions receive,
    ConsumeOptions consume,
    int maxWaitingReads) {

  /** Reads the settings of calls from several roots. */
  public static CallOptions read(Settings all) {
    return new CallOptions(
        RequestSizes.read(all.section("grpc"), all.section("publish")),
        PublishRules.read(all.section("publish")),
        CallTimings.read(all),
        ReceiveOptions.read(all.section("grpc"), all.section("receive")),
        ConsumeOptions.read(all.section("consume")),
        all.integer("read.maxWaiting", 1, Integer.MAX_VALUE));
  }

  /**
   * The same, where values that are not set follow the largest record of the storage, the time that
   * it gives a revocation, and the heap.
   */
  public CallOptions fitting(long maxRecordBytes, Duration revokeTimeout, long maxHeapBytes) {
    var fitting = sizes.fitting(maxRecordBytes, maxHeapBytes);
    return new CallOptions(
        fitting,
        publish.withMaxBatchBytes(fitting.maxBatch()),
        timings,
        receive,
        consume.fitting(revokeTimeout, maxHeapBytes),
        maxWaitingReads);
  }
}
