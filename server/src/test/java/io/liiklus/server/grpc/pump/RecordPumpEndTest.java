package io.liiklus.server.grpc.pump;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.ReceiveReply;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.DefaultEventLoop;
import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.reply.ReplyEncoder;
import io.liiklus.server.grpc.codec.reply.ReplyFormat;
import io.liiklus.storage.memory.EndingLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a stream does at the end of a log that has ended for good. */
class RecordPumpEndTest {

  private static final String TOPIC = "topic";
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final EndingLog log = new EndingLog();
  private final RecordingListener listener = new RecordingListener();
  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final Client client = new Client();
  private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
  private RecordPump pump;

  @BeforeEach
  void begin() {
    log.create(TOPIC);
    publish("first");
    publish("second");
  }

  @AfterEach
  void end() {
    loop.execute(pump::stop);
    var unused = loop.shutdownGracefully(0, 1, SECONDS);
    log.close();
  }

  @Test
  void endedLog_isSentToItsEndAndTheStreamStaysOpen() {
    log.end(TOPIC);
    var subscription = subscribe();

    start(listener.reader(0));

    await().atMost(WAIT).until(() -> client.values.size() == 2);
    assertThat(client.values).containsExactly("first", "second");
    settle();
    assertThat(ended).isNotDone();

    subscription.close().toCompletableFuture().join();
    settle();
    assertThat(ended).isNotDone();
  }

  @Test
  void logThatEndsWhileItIsRead_leavesTheStreamOpen() {
    subscribe();
    start(listener.reader(0));
    await().atMost(WAIT).until(() -> client.values.size() == 2);

    log.end(TOPIC);

    assertThat(listener.reader(0).range()).isCompleted();
    settle();
    assertThat(ended).isNotDone();
    assertThat(client.values).hasSize(2);
  }

  @Test
  void unreadableRecord_endsTheStreamAfterAllBeforeIt() {
    subscribe();
    var damaged = StorageException.unreadable(2, "damaged", null);

    start(new FailingReader(listener.reader(0), damaged));

    assertThat(ended).succeedsWithin(WAIT).isEqualTo(damaged);
    assertThat(client.values).containsExactly("first", "second");
    assertThat(((StorageException) ended.join()).kind()).isEqualTo(Kind.DATA_LOSS);
  }

  /** Everything that was posted to the loop so far, and what that posted, has run. */
  private void settle() {
    for (int i = 0; i < 3; i++) {
      assertThat(loop.submit(() -> {}).awaitUninterruptibly(WAIT.toMillis())).isTrue();
    }
  }

  private void publish(String value) {
    var record = new RecordToPublish(TOPIC, null, value.getBytes(UTF_8), List.of());
    log.storage().publish(record, WAIT).toCompletableFuture().join();
  }

  private Subscription subscribe() {
    var subscription =
        log.storage()
            .subscribe(new SubscriptionRequest(TOPIC, "group", AutoOffsetReset.EARLIEST), listener);
    await().atMost(WAIT).until(() -> listener.reader(0) != null);
    return subscription;
  }

  private void start(PartitionReader reader) {
    pump =
        new RecordPump(
            RecordSink.of(client),
            reader,
            ReplyFormat.binary(1),
            new PumpContext(loop, new ReplyEncoder(1 << 20), WAIT),
            ended::complete);
    loop.execute(pump::pump);
  }

  /** Reads what there is, and fails once then. */
  private record FailingReader(PartitionReader reader, StorageException failure)
      implements PartitionReader {

    @Override
    public int partition() {
      return reader.partition();
    }

    @Override
    public long startOffset() {
      return reader.startOffset();
    }

    @Override
    public CompletionStage<RecordBatch> read() {
      return reader.hasRecords() ? reader.read() : CompletableFuture.failedFuture(failure);
    }

    @Override
    public void seek(long offset) {
      reader.seek(offset);
    }

    @Override
    public CompletionStage<OffsetRange> range() {
      return reader.range();
    }

    @Override
    public boolean hasRecords() {
      return reader.hasRecords();
    }
  }

  /** A client that takes everything. */
  private static final class Client extends ServerCall<Void, EncodedReply> {

    private final List<String> values = new CopyOnWriteArrayList<>();

    @Override
    public void sendMessage(EncodedReply reply) {
      var bytes = new ByteArrayOutputStream();
      try {
        reply.drainTo(bytes);
        var parsed = ReceiveReply.parseFrom(bytes.toByteArray());
        values.add(parsed.getRecord().getValue().toStringUtf8());
      } catch (IOException invalid) {
        throw new UncheckedIOException(invalid);
      }
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void request(int numMessages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void close(Status status, Metadata trailers) {}

    @Override
    public MethodDescriptor<Void, EncodedReply> getMethodDescriptor() {
      throw new UnsupportedOperationException();
    }
  }
}
