package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.PublishResult;
import io.grpc.Metadata;
import io.grpc.Status;
import io.liiklus.server.gateway.BatchStream;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.HttpOneSocket;
import io.liiklus.testing.SharedKafka;
import io.liiklus.testing.TcpRelay;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of batches that Kafka does not take for a while, or not before their end. */
class PublishStreamFaultsIT {

  private static final int WAITING_BYTES = 64 * 1024;
  private static final int VALUE_BYTES = 20_000;

  /** Of one record each; more than wait in the storage, and than are read without an answer. */
  private static final int BATCHES = 40;

  private final String topic = "topic-" + UUID.randomUUID();
  private TcpRelay kafka;

  @BeforeEach
  void cutKafka() throws IOException {
    SharedKafka.cluster().createTopic(topic, 1);
    var port = SharedKafka.cluster().bootstrapServers().split(":")[1];
    kafka = TcpRelay.start("127.0.0.1", Integer.parseInt(port));
    kafka.cut();
  }

  @AfterEach
  void close() {
    kafka.close();
  }

  private Gateway gateway(String... settings) {
    var all = new String[settings.length + 3];
    all[0] = "--kafka.bootstrapServers=127.0.0.1:" + kafka.port();
    all[1] = "--storage.positions.type=MEMORY";
    all[2] = "--kafka.waitingPublishes=" + WAITING_BYTES;
    System.arraycopy(settings, 0, all, 3, settings.length);
    return Gateway.start(all);
  }

  @Test
  void batchesPastTheRoomOfTheStorage_waitForIt() throws Exception {
    try (var gateway = gateway();
        var client = new GatewayClient(gateway.port());
        var stream = BatchStream.open(client.channel())) {
      for (int i = 0; i < BATCHES; i++) {
        stream.send(record(VALUE_BYTES));
      }
      stream.halfClose();
      // Acks of other connections go on.
      try (var other = new GatewayClient(gateway.port())) {
        other.ack(topic, "group", 0, 0, 3);
      }

      kafka.restore();

      for (int i = 0; i < BATCHES; i++) {
        assertThat(stream.next().get(0).getReply().getOffset()).isEqualTo(i);
      }
      assertThat(stream.status()).isEqualTo(Status.OK);
    }
  }

  @Test
  void batchThatHasWaitedForItsTime_isAnsweredAndTheStreamGoesOn() throws Exception {
    try (var gateway = gateway("--publish.timeout=1500ms");
        var client = new GatewayClient(gateway.port());
        var stream = BatchStream.open(client.channel())) {
      for (int i = 0; i < BATCHES; i++) {
        stream.send(record(VALUE_BYTES));
      }

      for (int i = 0; i < BATCHES; i++) {
        requireTimeUp(stream.next().get(0));
      }
      kafka.restore();
      var result = publishUntilStored(stream);

      assertThat(result.getReply().getOffset()).isZero();
    }
  }

  /** Each attempt is surely not stored, as long as it is none. */
  private PublishResult publishUntilStored(BatchStream stream) {
    long lastNs = System.nanoTime() + GatewayClient.PATIENCE.toNanos();
    while (true) {
      stream.send(record(1));
      var result = stream.next().get(0);
      if (result.hasReply() || System.nanoTime() - lastNs > 0) {
        return result;
      }
      requireTimeUp(result);
    }
  }

  private static void requireTimeUp(PublishResult result) {
    assertThat(result.getError().getCode()).isEqualTo(Status.Code.UNAVAILABLE.value());
    assertThat(result.getError().getMessage()).contains("in time");
    assertThat(result.getError().getNotStored()).isTrue();
  }

  @Test
  void callAtItsDeadline_isAnsweredAsFarAsItIsKnown() {
    var headers = new Metadata();
    headers.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), "1500m");
    try (var gateway = gateway();
        var client = new GatewayClient(gateway.port());
        var stream = BatchStream.openUnread(client.channel(), headers)) {
      stream.request(Integer.MAX_VALUE);
      stream.send(record(1));

      requireTimeUp(stream.next().get(0));
      assertThat(stream.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(stream.status().getDescription()).contains("the deadline of the call has come");
      assertThat(stream.isRestNotStored()).isTrue();
    }
  }

  @Test
  void cancelledStream_publishesNothingThatWaits() throws Exception {
    try (var gateway = gateway();
        var client = new GatewayClient(gateway.port())) {
      var stream = BatchStream.open(client.channel());
      for (int i = 0; i < BATCHES; i++) {
        stream.send(record(VALUE_BYTES));
      }
      stream.close();
      // Its turn on the connection has come when this one is answered.
      client.ack(topic, "group", 0, 0, 3);

      kafka.restore();

      assertThat(client.publish(topic, "key", "value").getOffset()).isZero();
    }
  }

  @Test
  void batchesThatAreOutAtADrain_areAnswered() throws Exception {
    try (var gateway = gateway("--shutdown.ackWindow=15s");
        var client = new GatewayClient(gateway.port());
        var stream = BatchStream.open(client.channel())) {
      stream.send(record(1));
      stream.send(record(1));
      client.ack(topic, "group", 0, 0, 3);
      var idle = BatchStream.open(client.channel());
      client.ack(topic, "group", 0, 0, 4);

      var closing = CompletableFuture.runAsync(gateway::close);

      requireDrained(idle);
      stream.send(record(1));
      kafka.restore();
      assertThat(stream.next().get(0).getReply().getOffset()).isZero();
      assertThat(stream.next().get(0).getReply().getOffset()).isEqualTo(1);
      requireDrained(stream);
      client.channel().shutdownNow();
      closing.get(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void batchesThatAreOutAtTheEnd_areAnsweredAsFarAsTheyAreKnown() throws Exception {
    var gateway = gateway("--shutdown.ackWindow=100ms");
    try (var client = new GatewayClient(gateway.port());
        var stream = BatchStream.open(client.channel())) {
      for (int i = 0; i < BATCHES; i++) {
        stream.send(record(VALUE_BYTES));
      }
      // Some are in the storage then, and one waits for it.
      await().atMost(GatewayClient.PATIENCE).until(() -> waitingBytes(gateway) > 0);

      gateway.close();

      requireDrained(stream);
      int arrived = stream.arrived();
      assertThat(arrived).isPositive().isLessThan(BATCHES);
      for (int i = 0; i < arrived; i++) {
        var error = stream.next().get(0).getError();
        assertThat(error.getCode()).isEqualTo(Status.Code.UNAVAILABLE.value());
        assertThat(error.getMessage()).contains("draining");
        assertThat(error.getNotStored()).isTrue();
      }
    }
  }

  private static double waitingBytes(Gateway gateway) throws Exception {
    try (var http = new HttpOneSocket(gateway.opsPort())) {
      http.request("GET", "/prometheus");
      return http.response()
          .body()
          .lines()
          .filter(line -> line.startsWith("liiklus_waiting_publish_bytes "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
          .sum();
    }
  }

  private static void requireDrained(BatchStream stream) {
    assertThat(stream.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(stream.status().getDescription()).contains("draining");
    assertThat(stream.isRestNotStored()).isTrue();
  }

  private PublishRequest record(int bytes) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setKey(bytes("key"))
        .setValue(bytes("x".repeat(bytes)))
        .build();
  }
}
