package io.liiklus.storage.kafka.positions;

import static io.liiklus.storage.kafka.positions.PositionsFixture.GROUP;
import static io.liiklus.storage.kafka.positions.PositionsFixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.SharedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A broker that hangs, and comes back. */
class PositionsAwayIT {

  /** Two call timeouts, on a busy machine. */
  private static final Duration IN_TIME = Duration.ofSeconds(8);

  private final KafkaCluster cluster = SharedKafka.cluster();
  private final String topic = "positions-" + UUID.randomUUID();

  @Test
  void brokerThatHangs_isToldInTimeAndHealsByItself() {
    var settings = PositionsFixture.settings(cluster.bootstrapServers(), topic);
    try (var open = PositionsFixture.open(settings).untilReady()) {
      var storage = open.storage();
      open.store("records", 0, 5);
      cluster.pause(1);
      try {
        long startNs = System.nanoTime();
        List<CompletionStage<?>> calls =
            List.of(
                storage.check(),
                storage.find("records", GROUP),
                storage.findAll(),
                storage.store(new PositionId("others", GROUP, 0), 6));
        for (var call : calls) {
          assertThat(failure(call).kind()).isEqualTo(Kind.UNAVAILABLE);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(IN_TIME);
      } finally {
        cluster.resume(1);
      }
      open.untilReady().store("records", 1, 7);
      assertThat(open.find("records")).isEqualTo(Map.of(0, 5L, 1, 7L));
    }
  }
}
