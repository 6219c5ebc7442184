package io.liiklus.bench.jmh;

import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.liiklus.api.RecordToPublish;
import io.liiklus.server.grpc.codec.request.PublishDecoder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Decoding from the bytes of a request to the record to store. Confined to one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodePublish {

  private static final ByteString VALUE = ByteString.copyFrom(new byte[100]);

  private final PublishDecoder decoder = new PublishDecoder(true, 1_000);
  private final byte[] raw = request().setValue(VALUE).build().toByteArray();
  private final byte[] event =
      request()
          .setLiiklusEvent(
              LiiklusEvent.newBuilder()
                  .setId("7f1c5c50-9d8e-4b60-a3f5-3b1f3a1de001")
                  .setType("com.example.order.placed")
                  .setSource("/orders/eu")
                  .setTime("2026-04-05T17:31:00Z")
                  .setDataContentType("application/json")
                  .setData(VALUE))
          .build()
          .toByteArray();

  private static PublishRequest.Builder request() {
    return PublishRequest.newBuilder().setTopic("orders");
  }

  /** A raw value of 100 bytes. */
  @Benchmark
  public RecordToPublish rawRecord() throws InvalidProtocolBufferException {
    return decoder.decode(PublishRequest.parseFrom(raw));
  }

  /** An event with data of 100 bytes. */
  @Benchmark
  public RecordToPublish eventRecord() throws InvalidProtocolBufferException {
    return decoder.decode(PublishRequest.parseFrom(event));
  }
}
