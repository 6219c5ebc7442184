package io.liiklus.server.grpc.codec.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import com.sun.management.ThreadMXBean;
import io.liiklus.server.grpc.codec.event.RoundTrip;
import io.liiklus.server.grpc.codec.request.PublishBounds;
import io.liiklus.server.grpc.codec.request.PublishDecoder;
import io.liiklus.server.grpc.codec.request.RequestMarshaller;
import io.liiklus.server.grpc.codec.request.RequestNames;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Feeds the decoding with random messages and damaged ones, for a minute. What comes out is a
 * message, or the refusal that the contract names; never anything else, and never much memory for
 * few bytes. {@code -Dliiklus.fuzz.seconds=3600} goes on for longer, {@code -Dliiklus.fuzz.seed=7}
 * goes elsewhere; a failure tells the seed and the smallest input that still fails.
 */
class DecodingFuzzIT {

  private static final int DEFAULT_SECONDS = 15;
  private static final long DEFAULT_SEED = 20261124;

  /** How long one input may take at the most before it counts as a hang. */
  private static final Duration HANG = Duration.ofMinutes(2);

  /**
   * Allocated bytes for each byte of an input, and for any input. To parse the dearest bytes, those
   * of empty headers and publishes, takes some 70 each; all that is looked at afterwards the rest.
   */
  private static final long MOST_BYTES_PER_BYTE = 400;

  private static final long MOST_BYTES_AT_LEAST = 512 * 1024;

  private static final PublishDecoder DECODER = new PublishDecoder(true, 1_000);

  private static final PublishBounds BOUNDS = new PublishBounds(1_000, 1_000, 1 << 20);

  private static final List<FuzzTarget> TARGETS =
      List.of(
          new RequestTarget<>(
              PublishRequest.getDefaultInstance(),
              RequestMarshaller.ofPublish(BOUNDS),
              DecodingFuzzIT::publish),
          new RequestTarget<>(
              PublishBatchRequest.getDefaultInstance(),
              RequestMarshaller.ofPublishBatch(BOUNDS),
              batch -> batch.getRequestsList().forEach(DecodingFuzzIT::publish)),
          new RequestTarget<>(SubscribeRequest.getDefaultInstance(), DecodingFuzzIT::subscribe),
          new RequestTarget<>(ReceiveRequest.getDefaultInstance(), DecodingFuzzIT::receive),
          new RequestTarget<>(AckRequest.getDefaultInstance(), DecodingFuzzIT::ack),
          new RequestTarget<>(GetOffsetsRequest.getDefaultInstance(), DecodingFuzzIT::offsets),
          new RequestTarget<>(
              GetEndOffsetsRequest.getDefaultInstance(),
              request -> RequestNames.topic(request.getTopic())),
          new StoredRecordTarget(),
          new StoredRecordTarget());

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private volatile String current = "";

  @Test
  void anyBytes_areReadOrRefused() {
    long seconds = Long.getLong("liiklus.fuzz.seconds", DEFAULT_SECONDS);
    long seed = Long.getLong("liiklus.fuzz.seed", DEFAULT_SEED);
    long rounds =
        assertTimeoutPreemptively(
            Duration.ofSeconds(seconds).plus(HANG), () -> run(seed, seconds), () -> current);
    System.out.printf("fuzzed, seed=%d rounds=%d seconds=%d%n", seed, rounds, seconds);
    assertThat(rounds).isPositive();
  }

  private long run(long seed, long seconds) {
    long endNs = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    long round = 0;
    while (System.nanoTime() - endNs < 0) {
      // A generator of its own, so that a round can be had without those before it.
      var random = new Random(seed * 1_000_003 + round);
      var target = TARGETS.get(random.nextInt(TARGETS.size()));
      current = "a hang: target=%s seed=%d round=%d".formatted(target, seed, round);
      var input = target.input(random);
      var failure = failure(target, input);
      if (failure != null) {
        throw report(target, seed, round, input, failure);
      }
      round++;
    }
    return round;
  }

  /** Null where all is well. */
  private Throwable failure(FuzzTarget target, byte[] input) {
    long most = MOST_BYTES_AT_LEAST + MOST_BYTES_PER_BYTE * input.length;
    try {
      // What a first run allocates beyond that may be classes.
      if (allocated(target, input) <= most) {
        return null;
      }
      long again = allocated(target, input);
      return again <= most ? null : new AssertionError("it allocated " + again + " bytes");
    } catch (RuntimeException | Error failure) {
      return failure;
    }
  }

  private long allocated(FuzzTarget target, byte[] input) {
    long before = threads.getCurrentThreadAllocatedBytes();
    target.check(input);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private AssertionError report(
      FuzzTarget target, long seed, long round, byte[] input, Throwable failure) {
    var smallest =
        Shrinker.shrink(
            input,
            bytes -> {
              var again = failure(target, bytes);
              return again != null && again.getClass() == failure.getClass();
            });
    return new AssertionError(
        "target=%s seed=%d round=%d bytes=%d shrunk=%s"
            .formatted(target, seed, round, input.length, HexFormat.of().formatHex(smallest)),
        failure(target, smallest));
  }

  private static void publish(PublishRequest request) {
    var record = DECODER.decode(request);
    if (request.hasLiiklusEvent()) {
      RoundTrip.throughStorage(request.getLiiklusEvent(), record.headers(), record.value());
    }
  }

  private static void subscribe(SubscribeRequest request) {
    RequestNames.topic(request.getTopic());
    RequestNames.group(request.getGroup(), request.getGroupVersion());
  }

  private static void receive(ReceiveRequest request) {
    RequestNames.partition("assignment.partition", request.getAssignment().getPartition());
    RequestNames.batchSize(request.getMaxBatchRecords());
  }

  private static void ack(AckRequest request) {
    RequestNames.offset(request.getOffset());
    RequestNames.topic(request.getTopic());
    RequestNames.group(request.getGroup(), request.getGroupVersion());
    RequestNames.partition("partition", request.getPartition());
  }

  private static void offsets(GetOffsetsRequest request) {
    RequestNames.topic(request.getTopic());
    RequestNames.group(request.getGroup(), request.getGroupVersion());
  }
}
