package io.liiklus.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.liiklus.client.LiiklusClient;
import io.liiklus.client.ReceivedRecord;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.OlderGateway;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;

/** A consumer of the client library beside a real gateway with Consume, and one without. */
abstract class ConsumerFixture {

  static final String GROUP = "group";
  static final int RECORDS = 900;

  @Parameter boolean hasConsume;

  final String topic = "topic-" + UUID.randomUUID();
  final Queue<ReceivedRecord> handled = new ConcurrentLinkedQueue<>();
  private Gateway gateway;
  private OlderGateway older;
  int port;
  GatewayClient plain;
  LiiklusClient client;

  @BeforeEach
  void start() throws IOException {
    gateway = Gateway.start("--memory.partitions=" + Backend.PARTITIONS);
    older = OlderGateway.start(gateway.port());
    port = hasConsume ? gateway.port() : older.port();
    plain = new GatewayClient(gateway.port());
    client = LiiklusClient.connect("127.0.0.1:" + port);
  }

  @AfterEach
  void stop() {
    client.close();
    plain.close();
    older.close();
    gateway.close();
  }

  /** Values are numbers from this one on. */
  void publish(int first, int count) {
    var answers = new ArrayList<CompletableFuture<?>>();
    for (int i = first; i < first + count; i++) {
      answers.add(client.publisher().publish(topic, "key-" + i % 10, "" + i));
    }
    answers.forEach(CompletableFuture::join);
  }

  void awaitHandled(int count) {
    await().atMost(GatewayClient.PATIENCE).until(() -> handled.size() >= count);
  }

  void awaitAcked() {
    await()
        .atMost(GatewayClient.PATIENCE)
        .until(
            () -> {
              var ends = new HashMap<>(plain.endOffsets(topic));
              ends.values().removeIf(end -> end < 0);
              return plain.offsets(topic, GROUP, 0).equals(ends);
            });
  }

  /** Each once, those of a key in their order. */
  void requireInOrder(int count) {
    var lastOfKey = new HashMap<ByteString, Integer>();
    for (var record : handled) {
      int number = Integer.parseInt(record.value().toStringUtf8());
      assertThat(number).isGreaterThan(lastOfKey.getOrDefault(record.key(), -1));
      lastOfKey.put(record.key(), number);
    }
    assertThat(handled).hasSize(count);
  }
}
