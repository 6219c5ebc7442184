package io.liiklus.server.grpc.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.Offsets;
import io.liiklus.api.PublishedRecord;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PublishAnswerTest {

  @Test
  void offsetThatTheStorageDoesNotTell_isTheHighestNumberOfTheWire() {
    var stored = new PublishedRecord("topic", 2, Offsets.UNKNOWN);

    var reply = PublishAnswer.of(CompletableFuture.completedStage(stored), "topic").join();

    assertThat(Long.toUnsignedString(reply.getOffset())).isEqualTo("18446744073709551615");
    assertThat(reply.getPartition()).isEqualTo(2);
  }
}
