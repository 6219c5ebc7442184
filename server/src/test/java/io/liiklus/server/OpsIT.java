package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.RedisServer;
import io.liiklus.testing.SharedKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What operators and their tools ask for. */
class OpsIT {

  private static final Duration AWAIT = Duration.ofSeconds(30);
  private static final String SERVICE = "com.github.bsideup.liiklus.LiiklusService";
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

  @ParameterizedTest
  @EnumSource(Backend.class)
  void positions_areShownAsTheOriginalDid(Backend backend) throws Exception {
    var topic = backend.newTopic();
    try (var client = new GatewayClient(backend.gateway().port())) {
      client.ack(topic, "group", 1, 0, 4);
      client.ack(topic, "group", 2, 1, 7);
    }

    var body = get(backend.gateway(), "/prometheus").body();

    assertThat(body)
        .contains(position(topic, 1, false, 0) + " 4.0", position(topic, 2, true, 1) + " 7.0");
  }

  @Test
  void metricsOfReading_areTheSameForEachRecordsStorage() throws Exception {
    assertThat(readingMetrics(Backend.MEMORY, "memory"))
        .contains("tail_caches", "catch_up_limit_bytes")
        .isEqualTo(readingMetrics(Backend.KAFKA_AND_REDIS, "kafka"));
  }

  /** Names behind that of the storage, once a record was received. */
  private static Set<String> readingMetrics(Backend backend, String storage) throws Exception {
    var topic = backend.newTopic();
    try (var client = new GatewayClient(backend.gateway().port())) {
      int partition = client.publish(topic, "key", "value").getPartition();
      var assignment =
          GatewayClient.assignments(client.subscribe(topic, "group", 0)).get(partition);
      client.receive(assignment).take(1);
    }
    var body = get(backend.gateway(), "/prometheus").body();
    assertThat(body).containsPattern("\nliiklus_" + storage + "_fetched_records_total [1-9]");
    var line = Pattern.compile("^liiklus_" + storage + "_(\\w+) ", Pattern.MULTILINE);
    return line.matcher(body).results().map(found -> found.group(1)).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void labels_haveBoundedValuesOnly(Backend backend) throws Exception {
    var topic = backend.newTopic();
    try (var client = new GatewayClient(backend.gateway().port())) {
      int partition = client.publish(topic, "key", "value").getPartition();
      // Beyond the log, which is told by a metric of its own.
      client.ack(topic, "group", 0, partition, 9);
      var assignment =
          GatewayClient.assignments(client.subscribe(topic, "group", 0)).get(partition);
      client.receive(assignment).take(1);
    }

    var lines = get(backend.gateway(), "/prometheus").body().lines().toList();

    assertThat(lines).anyMatch(line -> line.startsWith("liiklus_skips_total{"));
    assertThat(lines.stream().filter(line -> !line.startsWith("#")).flatMap(OpsIT::labels))
        .isSubsetOf(
            "topic",
            "groupName",
            "groupVersion",
            "isLatest",
            "partition",
            "reason",
            "method",
            "code",
            "operation",
            "storage");
  }

  @Test
  void skipsByReason_areThereFromTheStart() throws Exception {
    try (var gateway = Gateway.start()) {
      for (var metric : new String[] {"liiklus_skips", "liiklus_skipped_records"}) {
        assertThat(lines(gateway, metric + "_by_reason_total"))
            .containsExactlyInAnyOrder(
                "{reason=\"retention\"} 0.0",
                "{reason=\"truncation\"} 0.0",
                "{reason=\"corruption\"} 0.0");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void skipsOfAPartition_areThereFromItsAssignmentOn(Backend backend) throws Exception {
    var topic = backend.newTopic();
    try (var client = new GatewayClient(backend.gateway().port())) {
      int partition = client.publish(topic, "key", "value").getPartition();
      var held = GatewayClient.assignments(client.subscribe(topic, "group-v7", 0));
      var before = skips(backend.gateway(), topic);
      // Beyond the log, which is found out when it is read.
      client.ack(topic, "group", 7, partition, 9);
      client.receive(held.get(partition)).take(1);

      var truncation = skip(topic, partition, "truncation");
      assertThat(before).hasSize(3 * Backend.PARTITIONS).contains(truncation + " 0.0");
      assertThat(skips(backend.gateway(), topic))
          .hasSize(3 * Backend.PARTITIONS)
          .contains(truncation + " 1.0", skip(topic, partition, "retention") + " 0.0");
    }
  }

  private static List<String> skips(Gateway gateway, String topic) throws Exception {
    return lines(gateway, "liiklus_skips_total").stream()
        .filter(line -> line.contains("topic=\"" + topic + "\""))
        .toList();
  }

  private static String skip(String topic, int partition, String reason) {
    return "{groupName=\"group\",groupVersion=\"7\",partition=\"%d\",reason=\"%s\",topic=\"%s\"}"
        .formatted(partition, reason, topic);
  }

  @Test
  void calls_areCountedByStatus() throws Exception {
    try (var gateway = Gateway.start();
        var client = new GatewayClient(gateway.port())) {
      client.publish("topic", "key", "value");
      client.publish("topic", "key", "value");
      assertThatThrownBy(() -> client.publish("", "key", "value"))
          .isInstanceOf(StatusRuntimeException.class);
      try (var subscription = client.subscribe("topic", "group", 0)) {
        GatewayClient.assignments(subscription);
      }

      await()
          .atMost(AWAIT)
          .untilAsserted(
              () ->
                  assertThat(lines(gateway, "liiklus_calls_total"))
                      .containsExactlyInAnyOrder(
                          "{code=\"OK\",method=\"Publish\"} 2.0",
                          "{code=\"INVALID_ARGUMENT\",method=\"Publish\"} 1.0",
                          "{code=\"CANCELLED\",method=\"Subscribe\"} 1.0"));
    }
  }

  private static List<String> lines(Gateway gateway, String metric) throws Exception {
    return get(gateway, "/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith(metric + "{"))
        .map(line -> line.substring(metric.length()))
        .toList();
  }

  private static Stream<String> labels(String line) {
    return LABEL.matcher(line).results().map(label -> label.group(1));
  }

  private static String position(String topic, int version, boolean isLatest, int partition) {
    return ("liiklus_topic_position{groupName=\"group\",groupVersion=\"%d\",isLatest=\"%s\","
            + "partition=\"%d\",topic=\"%s\"}")
        .formatted(version, isLatest, partition, topic);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void gatewayWhoseStoragesAnswer_isUp(Backend backend) throws Exception {
    var health = get(backend.gateway(), "/health");

    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.body()).contains("\"status\":\"UP\"");
    assertThat(get(backend.gateway(), "/health/live").statusCode()).isEqualTo(200);
    assertThat(get(backend.gateway(), "/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void gatewayWithoutGrpc_isUp() throws Exception {
    try (var gateway = Gateway.start("--grpc.enabled=false")) {
      assertThat(get(gateway, "/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void hangingBroker_isReportedByHealthWithinItsBound() throws Exception {
    try (var kafka = KafkaCluster.start(1);
        var gateway =
            Gateway.start(
                "--kafka.bootstrapServers=" + kafka.bootstrapServers(),
                "--storage.positions.type=MEMORY")) {
      assertThat(get(gateway, "/health").statusCode()).isEqualTo(200);
      kafka.pause(1);

      var health = get(gateway, "/health");

      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(health.body()).contains("\"reason\":\"records: no answer within 2000 ms\"");
    }
  }

  @Test
  void awayStorage_isReportedAndNoReasonToRestart() throws Exception {
    try (var redis = RedisServer.start();
        var gateway =
            Gateway.start(
                "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
                "--redis.host=" + redis.host(),
                "--redis.port=" + redis.port())) {
      redis.stop();

      var health = get(gateway, "/health");
      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(health.body()).contains("\"records\":\"UP\"", "\"positions\":\"DOWN\"");
      assertThat(get(gateway, "/health/live").statusCode()).isEqualTo(200);
      assertThat(get(gateway, "/prometheus").body()).contains("liiklus_sessions");
      await()
          .atMost(AWAIT)
          .untilAsserted(
              () ->
                  assertThat(lines(gateway, "liiklus_storage_up"))
                      .containsExactlyInAnyOrder(
                          "{storage=\"records\"} 1.0", "{storage=\"positions\"} 0.0"));
    }
  }

  @Test
  void grpcHealthService_answers() {
    try (var client = new GatewayClient(Backend.MEMORY.gateway().port())) {
      assertThat(
              HealthGrpc.newBlockingStub(client.channel())
                  .check(HealthCheckRequest.newBuilder().setService(SERVICE).build())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
    }
  }

  private static HttpResponse<String> get(Gateway gateway, String path)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.opsPort() + path))
                .timeout(GatewayClient.PATIENCE)
                .build(),
            BodyHandlers.ofString());
  }
}
