package io.liiklus.server.grpc.codec.reply;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.PublishBatchReply;
import com.github.bsideup.liiklus.protocol.PublishError;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishResult;
import io.grpc.Status;
import io.liiklus.api.Offsets;
import io.liiklus.api.PublishedRecord;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchReplyEncoderTest {

  private static final List<String> TOPICS = List.of("t", "topic", "x".repeat(249), "\u00e4");
  private static final List<Status> FAILURES =
      List.of(
          Status.UNAVAILABLE,
          Status.OK,
          Status.INVALID_ARGUMENT.withDescription(""),
          Status.NOT_FOUND.withDescription("no topic \ud83d\ude42"),
          Status.RESOURCE_EXHAUSTED.withDescription("y".repeat(10_000)));

  @Test
  void bytes_areThoseOfTheGeneratedClasses() {
    var random = new Random(42);
    for (int i = 0; i < 2_000; i++) {
      var expected = PublishBatchReply.newBuilder();
      int results = random.nextInt(40);
      var encoder = new BatchReplyEncoder(results);
      for (int left = results; left > 0; left--) {
        if (random.nextInt(4) == 0) {
          var failure = FAILURES.get(random.nextInt(FAILURES.size()));
          boolean isNotStored = random.nextBoolean();
          encoder.add(failure, isNotStored);
          var error = error(failure).toBuilder().setNotStored(isNotStored);
          expected.addResults(PublishResult.newBuilder().setError(error));
        } else {
          var stored = stored(random);
          encoder.add(stored);
          expected.addResults(PublishResult.newBuilder().setReply(reply(stored)));
        }
      }

      assertThat(Replies.bytes(encoder.end())).isEqualTo(expected.build().toByteArray());
    }
  }

  private static PublishedRecord stored(Random random) {
    var topic = TOPICS.get(random.nextInt(8) % 2 == 0 ? 0 : random.nextInt(TOPICS.size()));
    int partition = random.nextInt() >>> (1 + random.nextInt(31));
    long offset =
        random.nextInt(10) == 0 ? Offsets.UNKNOWN : random.nextLong() >>> (1 + random.nextInt(63));
    return new PublishedRecord(topic, partition, offset);
  }

  private static PublishReply reply(PublishedRecord stored) {
    return PublishReply.newBuilder()
        .setTopic(stored.topic())
        .setPartition(stored.partition())
        .setOffset(stored.offset())
        .build();
  }

  private static PublishError error(Status status) {
    var error = PublishError.newBuilder().setCode(status.getCode().value());
    return status.getDescription() == null
        ? error.build()
        : error.setMessage(status.getDescription()).build();
  }
}
