package io.liiklus.server.grpc.pump;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.grpc.codec.reply.ReplyEncoder;
import io.liiklus.server.grpc.codec.reply.ReplyFormat;
import io.liiklus.server.model.SteppedEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    reader.add(new SmallBatch(0, 5));
    sink.room = 2;

    pump.pump();
    assertThat(sink.replies).isEqualTo(2);

    sink.room = 2;
    pump.pump();
    assertThat(sink.replies).isEqualTo(4);
  }

  @Test
  void nextRead_isOpenedWhenHalfOfABatchIsGone() {
    reader.add(new SmallBatch(0, 4));
    reader.add(new SmallBatch(4, 4));
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

    reader.answer(new SmallBatch(0, 3));
    assertThat(sink.replies).isZero();
    run();

    assertThat(sink.replies).isEqualTo(3);
    assertThat(reader.reads).isEqualTo(2);
  }

  @Test
  void batchedReplies_takeRecordsOfSeveralBatches() {
    reader.add(new SmallBatch(0, 2));
    reader.add(new SmallBatch(2, 2));
    reader.add(new SmallBatch(4, 2));
    sink.room = 1;

    pump(ReplyFormat.binary(5)).pump();

    assertThat(sink.replies).isEqualTo(1);
    // Of the third batch half is gone, so the fourth is asked for.
    assertThat(reader.reads).isEqualTo(4);
  }

  @Test
  void revokedPartition_endsBeforeItsLastRecordsAreSent() {
    reader.add(new SmallBatch(0, 2));
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
  void failedRead_isReportedBehindTheRecordsBeforeIt() {
    reader.add(new SmallBatch(0, 2));
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
    var current = new SmallBatch(0, 4);
    var next = new SmallBatch(4, 4);
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
    var batch = new SmallBatch(0, 10);
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

    reader.answer(new SmallBatch(0, 3));
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
    reader.add(new SmallBatch(offset, 1));
    sink.room = 1;
    ends.clear();
    pump(ReplyFormat.events(1)).pump();

    assertThat(sink.replies).isZero();
    var status = ((StatusRuntimeException) ends.get(0)).getStatus();
    assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    return status.getDescription();
  }

  private RecordPump pump(ReplyFormat format) {
    var context = new PumpContext(loop, new ReplyEncoder(64 * 1024), COPY_AFTER);
    return new RecordPump(RecordSink.of(sink), reader, format, context, ends::add);
  }

  private void pass(Duration time) {
    nowNs += time.toNanos();
    run();
  }

  private void run() {
    while (loop.runOne()) {}
  }
}
