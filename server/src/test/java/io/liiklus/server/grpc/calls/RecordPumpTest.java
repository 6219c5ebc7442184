package io.liiklus.server.grpc.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.api.Header;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.reply.ReplyEncoder;
import io.liiklus.server.grpc.codec.reply.ReplyFormat;
import io.liiklus.server.model.SteppedEventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A pump between a reader that the test answers and a transport that counts replies. */
class RecordPumpTest {

  private static final Duration COPY_AFTER = Duration.ofSeconds(1);

  private long nowNs;
  private final SteppedEventLoop loop = new SteppedEventLoop(() -> nowNs);
  private final CountingSink sink = new CountingSink();
  private final SteppedReader reader = new SteppedReader();
  private final List<Throwable> ends = new ArrayList<>();
  private final RecordPump pump = pump(ReplyFormat.binary(1));

  @Test
  void slowClient_getsAsMuchAsItsTransportTakes() {
    reader.add(new Batch(0, 5));
    sink.room = 2;

    pump.pump();
    assertThat(sink.replies).isEqualTo(2);

    sink.room = 2;
    pump.pump();
    assertThat(sink.replies).isEqualTo(4);
  }

  @Test
  void nextRead_isOpenedWhenHalfOfABatchIsGone() {
    reader.add(new Batch(0, 4));
    reader.add(new Batch(4, 4));
    sink.room = 1;
    pump.pump();
    assertThat(reader.reads).isEqualTo(1);

    sink.room = 1;
    pump.pump();
    assertThat(reader.reads).isEqualTo(2);

    sink.room = 1;
    pump.pump();
    assertThat(reader.reads).isEqualTo(2);
  }

  @Test
  void batchThatComesLater_isSentOnTheLoop() {
    sink.room = 10;
    pump.pump();
    assertThat(reader.reads).isEqualTo(1);

    reader.answer(new Batch(0, 3));
    assertThat(sink.replies).isZero();
    run();

    assertThat(sink.replies).isEqualTo(3);
    assertThat(reader.reads).isEqualTo(2);
  }

  @Test
  void batchedReplies_takeRecordsOfSeveralBatches() {
    reader.add(new Batch(0, 2));
    reader.add(new Batch(2, 2));
    reader.add(new Batch(4, 2));
    sink.room = 1;

    pump(ReplyFormat.binary(5)).pump();

    assertThat(sink.replies).isEqualTo(1);
    // Of the third batch half is gone, so the fourth is asked for.
    assertThat(reader.reads).isEqualTo(4);
  }

  @Test
  void revokedPartition_endsBeforeItsLastRecordsAreSent() {
    reader.add(new Batch(0, 2));
    sink.room = 1;
    pump.pump();

    reader.fail(Kind.REVOKED);
    run();
    sink.room = 10;
    pump.pump();

    assertThat(sink.replies).isEqualTo(1);
    assertThat(ends).hasSize(1);
  }

  @Test
  void failedRead_isToldBehindTheRecordsBeforeIt() {
    reader.add(new Batch(0, 2));
    sink.room = 1;
    pump.pump();

    reader.fail(Kind.DATA_LOSS);
    run();
    assertThat(ends).isEmpty();
    sink.room = 10;
    pump.pump();

    assertThat(sink.replies).isEqualTo(2);
    assertThat(ends).hasSize(1);
    assertThat(StorageException.of(ends.get(0)).kind()).isEqualTo(Kind.DATA_LOSS);
  }

  @Test
  void stalledClient_hasTheRestOfItsBatchesCopied() {
    var current = new Batch(0, 4);
    var next = new Batch(4, 4);
    reader.add(current);
    reader.add(next);
    sink.room = 2;
    pump.pump();

    pass(COPY_AFTER.minusNanos(1));
    assertThat(current.copies).isEmpty();
    pass(Duration.ofNanos(1));

    assertThat(current.copies).containsExactly(2);
    assertThat(next.copies).containsExactly(0);
    sink.room = 10;
    pump.pump();
    assertThat(sink.replies).isEqualTo(8);
  }

  @Test
  void clientThatTakesARecordNowAndThen_isNotStalled() {
    var batch = new Batch(0, 10);
    reader.add(batch);
    for (int i = 0; i < 5; i++) {
      sink.room = 1;
      pump.pump();
      pass(COPY_AFTER.dividedBy(2));
    }

    assertThat(sink.replies).isEqualTo(5);
    assertThat(batch.copies).isEmpty();
  }

  @Test
  void stoppedPump_sendsNothingMore() {
    sink.room = 10;
    pump.pump();
    pump.stop();

    reader.answer(new Batch(0, 3));
    run();
    pump.pump();

    assertThat(sink.replies).isZero();
    assertThat(ends).isEmpty();
  }

  @Test
  void recordThatIsNoEvent_endsTheStreamAndNamesTheWayPastIt() {
    assertThat(endOfEvents(7)).contains("partition=3 offset=7", "last_known_offset=7 skips it");
    assertThat(endOfEvents(0)).contains("partition=3 offset=0", "an Ack of offset 0 skips it");
  }

  private String endOfEvents(long offset) {
    reader.add(new Batch(offset, 1));
    sink.room = 1;
    ends.clear();
    pump(ReplyFormat.events(1)).pump();

    assertThat(sink.replies).isZero();
    var status = ((StatusRuntimeException) ends.get(0)).getStatus();
    assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    return status.getDescription();
  }

  private RecordPump pump(ReplyFormat format) {
    var context = new RecordPump.PumpContext(loop, new ReplyEncoder(64 * 1024), COPY_AFTER);
    return new RecordPump(sink, reader, format, context, ends::add);
  }

  private void pass(Duration time) {
    nowNs += time.toNanos();
    run();
  }

  private void run() {
    while (loop.runOne()) {}
  }

  /** A transport with room for a number of replies. */
  private static final class CountingSink extends ServerCall<Object, EncodedReply> {
    private int room;
    private int replies;

    @Override
    public boolean isReady() {
      return room > 0;
    }

    @Override
    public void sendMessage(EncodedReply reply) {
      room--;
      replies++;
    }

    @Override
    public void request(int messages) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sendHeaders(Metadata headers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close(Status status, Metadata trailers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<Object, EncodedReply> getMethodDescriptor() {
      throw new UnsupportedOperationException();
    }
  }

  /** Answers reads with what is there, and else when the test says so. */
  private static final class SteppedReader implements PartitionReader {
    private final Deque<RecordBatch> batches = new ArrayDeque<>();
    private CompletableFuture<RecordBatch> open;
    private int reads;

    private void add(RecordBatch batch) {
      batches.add(batch);
    }

    private void answer(RecordBatch batch) {
      open.complete(batch);
    }

    private void fail(Kind kind) {
      open.completeExceptionally(new StorageException(kind, "as the test says"));
    }

    @Override
    public CompletionStage<RecordBatch> read() {
      assertThat(open == null || open.isDone()).as("one read at a time").isTrue();
      reads++;
      open = new CompletableFuture<>();
      if (!batches.isEmpty()) {
        open.complete(batches.remove());
      }
      return open;
    }

    @Override
    public int partition() {
      return 3;
    }

    @Override
    public long startOffset() {
      return 0;
    }

    @Override
    public void seek(long offset) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<OffsetRange> range() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasRecords() {
      throw new UnsupportedOperationException();
    }
  }

  /** Records of four bytes. */
  private static final class Batch implements RecordBatch {
    private final long first;
    private final int size;
    private final List<Integer> copies = new ArrayList<>();

    private Batch(long first, int size) {
      this.first = first;
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public long offset(int index) {
      return first + index;
    }

    @Override
    public long timestamp(int index) {
      return 0;
    }

    @Override
    public ByteBuffer key(int index) {
      return null;
    }

    @Override
    public ByteBuffer value(int index) {
      return ByteBuffer.allocate(4);
    }

    @Override
    public List<Header> headers(int index) {
      return List.of();
    }

    @Override
    public long bytes() {
      return 4L * size;
    }

    @Override
    public RecordBatch copyFrom(int index) {
      copies.add(index);
      return new Batch(first + index, size - index);
    }
  }
}
