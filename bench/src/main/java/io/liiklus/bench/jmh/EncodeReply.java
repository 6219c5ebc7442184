package io.liiklus.bench.jmh;

import io.liiklus.api.RecordBatch;
import io.liiklus.server.grpc.codec.reply.ReplyEncoder;
import io.liiklus.server.grpc.codec.reply.ReplyFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Encoding from stored records to the bytes of a reply, per record. Confined to one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodeReply {

  private static final int BATCH = 500;

  private final RecordBatch raw = StoredRecords.raw(BATCH);
  private final RecordBatch events = StoredRecords.events(BATCH);
  private final ReplyEncoder encoder = new ReplyEncoder(64 * 1024);
  private final CountingStream out = new CountingStream();

  /** One raw record of 100 bytes. */
  @Benchmark
  public long rawRecord() throws IOException {
    return encode(raw, new ReplyFormat(false, 1, -1), 1);
  }

  /** Replies of many of them. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long rawBatch() throws IOException {
    return encode(raw, new ReplyFormat(false, BATCH, -1), BATCH);
  }

  /** One event with data of 100 bytes. */
  @Benchmark
  public long eventRecord() throws IOException {
    return encode(events, new ReplyFormat(true, 1, -1), 1);
  }

  /** Replies of many of them. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long eventBatch() throws IOException {
    return encode(events, new ReplyFormat(true, BATCH, -1), BATCH);
  }

  private long encode(RecordBatch batch, ReplyFormat format, int count) throws IOException {
    int next = 0;
    while (next < count) {
      encoder.begin(format);
      while (next < count && encoder.append(batch, next)) {
        next++;
      }
      encoder.end().drainTo(out);
    }
    return out.count;
  }

  /** Takes all and keeps nothing. Confined to one thread. */
  private static final class CountingStream extends OutputStream {
    private long count;

    @Override
    public void write(int one) {
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      count += length;
    }
  }
}
