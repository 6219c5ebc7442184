package io.liiklus.server.grpc.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.PublishBatchReply;
import com.github.bsideup.liiklus.protocol.PublishResult;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.DefaultEventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.StorageException;
import io.liiklus.api.Withdrawable;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class BatchAnswerTest {

  private static final EventLoop LOOP = new DefaultEventLoop();
  private static final List<String> TOPICS = Collections.nCopies(3, "topic");

  @AfterAll
  static void close() {
    var unused = LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void answer_comesWithTheLastRecordWhateverTheOrder() throws Exception {
    for (var order :
        List.of(List.of(0, 1, 2), List.of(2, 1, 0), List.of(1, 0, 2), List.of(1, 2, 0))) {
      var records = open(3);
      var answer = BatchAnswer.of(records, TOPICS, LOOP);
      for (int i : order) {
        assertThat(answer).as("%s", order).isNotDone();
        records.get(i).complete(new PublishedRecord("topic", 0, i));
        settle();
      }

      assertThat(parse(answer.get(10, TimeUnit.SECONDS)).getResultsList())
          .extracting(result -> result.getReply().getOffset())
          .as("%s", order)
          .containsExactly(0L, 1L, 2L);
    }
  }

  @Test
  void knownResults_areReturnedBeforeTheRest() throws Exception {
    var records = open(3);
    var answer = BatchAnswer.of(records, TOPICS, LOOP);
    records.get(0).complete(new PublishedRecord("topic", 1, 5));
    records
        .get(2)
        .completeExceptionally(
            new StorageException(StorageException.Kind.EXHAUSTED, "no more memory"));

    var later = answer.giveUp(Status.UNAVAILABLE.withDescription("later"));
    var results = parse(later).getResultsList();

    assertThat(results.get(0).getReply().getPartition()).isEqualTo(1);
    assertThat(results.subList(1, 3))
        .extracting(PublishResult::getError)
        .extracting(error -> error.getCode() + " " + error.getMessage())
        .containsExactly("14 later", "8 no more memory");
  }

  @Test
  void recordThatIsTakenBack_saysWhatItWaitedFor() throws Exception {
    var records = new ArrayList<CompletableFuture<PublishedRecord>>(List.of(new Waiting()));
    var answer = BatchAnswer.of(records, TOPICS, LOOP);

    var reply = parse(answer.giveUp(Status.UNAVAILABLE.withDescription("later")));

    var error = reply.getResults(0).getError();
    assertThat(error.getMessage()).isEqualTo("the partition is locked");
    assertThat(error.getNotStored()).isTrue();
  }

  private static final class Waiting extends CompletableFuture<PublishedRecord>
      implements Withdrawable {

    @Override
    public boolean withdraw() {
      return completeExceptionally(
          StorageException.notStored(StorageException.Kind.UNAVAILABLE, "the partition is locked"));
    }
  }

  @Test
  void gatewayFaults_areReportedAsSuch() throws Exception {
    var records = open(2);
    records.forEach(record -> record.completeExceptionally(new IllegalStateException("a bug")));

    var reply = parse(BatchAnswer.of(records, TOPICS, LOOP).get(10, TimeUnit.SECONDS));

    assertThat(reply.getResultsList())
        .extracting(result -> result.getError().getCode())
        .containsExactly(Status.Code.INTERNAL.value(), Status.Code.INTERNAL.value());
    assertThat(reply.toString()).doesNotContain("a bug");
  }

  private static PublishBatchReply parse(EncodedReply reply) throws IOException {
    var bytes = new ByteArrayOutputStream();
    reply.drainTo(bytes);
    return PublishBatchReply.parseFrom(bytes.toByteArray());
  }

  /** What the loop was given before has run. */
  private static void settle() throws Exception {
    var unused = LOOP.submit(() -> null).get();
  }

  private static List<CompletableFuture<PublishedRecord>> open(int count) {
    return new ArrayList<>(
        IntStream.range(0, count).mapToObj(i -> new CompletableFuture<PublishedRecord>()).toList());
  }
}
