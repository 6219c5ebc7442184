package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.liiklus.server.gateway.ConsumeStream;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** What the page of metrics shows of Consume calls. */
class ConsumeMetricsIT {

  private static final String LABELS = "groupName=\"group\",groupVersion=\"2\"";

  @Test
  void group_isShownWhileItHasPartitions() {
    var start = ConsumeStart.newBuilder().setTopic("t").setGroup("group").setGroupVersion(2);
    try (var gateway = Gateway.start("--memory.partitions=1", "--consume.maxAheadRecords=20");
        var client = new GatewayClient(gateway.port())) {
      var record = PublishRequest.newBuilder().setTopic("t").setValue(bytes("v")).build();
      client.publishBatch(Collections.nCopies(30, record));
      try (var stream = ConsumeStream.open(client.channel(), start.build())) {
        stream.take(20);
        awaitLine(gateway, "liiklus_consume_unacked_records{" + LABELS + ",topic=\"t\"} 20.0");
        stream.ack(0, 2L, 3L);
        stream.retry(0, 3_600_000, 0L, 1L);

        awaitLine(gateway, "liiklus_consume_unacked_records{" + LABELS + ",topic=\"t\"} 18.0");
        awaitLine(gateway, "liiklus_consume_waiting_retries{" + LABELS + ",topic=\"t\"} 2.0");
        awaitLine(gateway, waiting("AHEAD", 1));
        assertThat(gateway.metrics())
            .contains(waiting("UNACKED", 0), waiting("MEMORY", 0), waiting("RETRY", 0))
            .contains("liiklus_dead_letters_total{" + LABELS + ",topic=\"t\"} 0.0")
            .contains("liiklus_dead_letter_failures_total{" + LABELS + ",topic=\"t\"} 0.0")
            .containsPattern("(?m)^liiklus_consume_oldest_unacked_seconds\\{.*} (?!0\\.0$)");
      }
      await()
          .atMost(GatewayClient.PATIENCE)
          .until(() -> !gateway.metrics().contains("liiklus_consume_unacked_records{"));
    }
  }

  private static String waiting(String reason, int count) {
    return "liiklus_consume_waiting_partitions{%s,reason=\"%s\",topic=\"t\"} %d.0"
        .formatted(LABELS, reason, count);
  }

  private static void awaitLine(Gateway gateway, String line) {
    await(line).atMost(GatewayClient.PATIENCE).until(() -> gateway.metrics().contains(line));
  }
}
