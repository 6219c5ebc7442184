package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static io.liiklus.server.gateway.HandmadeToken.hmac512;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.liiklus.server.gateway.BatchStream;
import io.liiklus.server.gateway.BearerClient;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.HandmadeToken;
import io.liiklus.server.gateway.HttpOneSocket;
import io.liiklus.server.gateway.LogWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules allow to whom, over real channels. */
class AuthorizationIT {

  private static final Duration AWAIT = Duration.ofSeconds(60);
  private static final String SECRET = "secret";
  private static final String RULES =
      """
      authorization {
        enabled = true
        rules = [
          { principals = ["billing-*"], topics = [orders, "orders.*"], groups = ["billing*"]
            allow = [PUBLISH, CONSUME, ACK, DESCRIBE] }
          { principals = [reader], topics = ["*"], groups = [reader], allow = [CONSUME, DESCRIBE] }
          { principals = [writer], topics = [orders], allow = [PUBLISH] }
          { principals = [acker], topics = [orders], groups = ["*"], allow = [ACK] }
          { principals = [viewer], topics = [orders], allow = [DESCRIBE] }
          { principals = [anonymous], topics = [public], groups = ["*"]
            allow = [publish, consume, ack, describe] }
          { principals = [anonymous], topics = [news], allow = [PUBLISH] }
          { principals = [maker], topics = ["*"], allow = [PUBLISH] }
          { principals = ["*"], topics = [news], groups = ["news-*-eu"], allow = [CONSUME] }
        ]
      }
      """;

  @TempDir private static Path folder;
  private static Gateway gateway;
  private static Gateway open;

  @BeforeAll
  static void start() throws IOException {
    var file = Files.writeString(folder.resolve("liiklus.conf"), RULES).toString();
    gateway =
        Gateway.start("--config", file, "--grpc.auth.alg=HMAC512", "--grpc.auth.secret=" + SECRET);
    open = Gateway.start("--config", file);
    // A Subscribe waits for its topic.
    try (var maker = client("maker");
        var anonymous = client("(anonymous)")) {
      List.of("orders", "news", "any").forEach(topic -> maker.publish(topic, "k", "v"));
      List.of("public", "news").forEach(topic -> anonymous.publish(topic, "k", "v"));
    }
  }

  @AfterAll
  static void stop() {
    gateway.close();
    open.close();
  }

  private static GatewayClient client(String principal) {
    if (principal.equals("(anonymous)")) {
      return new GatewayClient(open.port());
    }
    var token = HandmadeToken.of("HS512", null, principal);
    if (principal.equals("(nobody)")) {
      token = token.withClaims("{}");
    }
    return BearerClient.open(gateway.port(), token.signed(hmac512(SECRET)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "billing-1    | publish orders              | OK",
        "billing-1    | publish orders.eu           | OK",
        "billing-1    | publish orders.             | OK",
        "billing-1    | publish orders2             | DENIED",
        "billing-1    | publish order               | DENIED",
        "billing-1    | publish Orders              | DENIED",
        "billing-1    | publish news                | DENIED",
        "billing-1    | batch orders                | OK",
        "billing-1    | batch other                 | DENIED",
        "billing-1    | subscribe orders billing    | OK",
        "billing-1    | subscribe orders billing2   | OK",
        "billing-1    | subscribe orders billing-v7 | OK",
        "billing-1    | subscribe orders reader     | DENIED",
        "billing-1    | subscribe orders Billing    | DENIED",
        "billing-1    | subscribe news billing      | DENIED",
        "billing-1    | subscribe news news-1-eu    | OK",
        "billing-1    | ack orders billing          | OK",
        "billing-1    | ack orders billing-v2       | OK",
        "billing-1    | ack orders reader           | DENIED",
        "billing-1    | ack news news-1-eu          | DENIED",
        "billing-1    | offsets orders billing      | OK",
        "billing-1    | offsets orders billing-v2   | OK",
        "billing-1    | offsets orders reader       | DENIED",
        "billing-1    | ends orders                 | OK",
        "billing-1    | ends news                   | DENIED",
        "billing-     | publish orders              | OK",
        "billing      | publish orders              | DENIED",
        "Billing-1    | publish orders              | DENIED",
        "x-billing-1  | publish orders              | DENIED",
        "*            | publish orders              | DENIED",
        "*            | subscribe news news--eu     | OK",
        "reader       | publish orders              | DENIED",
        "reader       | batch orders                | DENIED",
        "reader       | subscribe orders reader     | OK",
        "reader       | subscribe orders reader-v3  | OK",
        "reader       | subscribe any reader        | OK",
        "reader       | subscribe any reader2       | DENIED",
        "reader       | subscribe any reader-vx     | DENIED",
        "reader       | ack orders reader           | DENIED",
        "reader       | offsets orders reader       | OK",
        "reader       | offsets orders reader-v3    | OK",
        "reader       | offsets orders billing      | DENIED",
        "reader       | ends any                    | OK",
        "writer       | publish orders              | OK",
        "writer       | batch orders                | OK",
        "writer       | publish orders.eu           | DENIED",
        "writer       | subscribe orders writer     | DENIED",
        "writer       | ends orders                 | DENIED",
        "writer       | offsets orders writer       | DENIED",
        "acker        | ack orders billing          | OK",
        "acker        | ack orders any-v9           | OK",
        "acker        | ack news any                | DENIED",
        "acker        | subscribe orders any        | DENIED",
        "acker        | offsets orders any          | DENIED",
        "viewer       | ends orders                 | OK",
        "viewer       | offsets orders viewer       | DENIED",
        "viewer       | ends other                  | DENIED",
        "stranger     | publish orders              | DENIED",
        "stranger     | ends orders                 | DENIED",
        "stranger     | subscribe news news-x-eu    | OK",
        "stranger     | subscribe news news-eu      | DENIED",
        "stranger     | subscribe news news-x-eu2   | DENIED",
        "anonymous    | publish public              | OK",
        "(nobody)     | publish public              | DENIED",
        "(nobody)     | subscribe news news-x-eu    | OK",
        "(anonymous)  | publish public              | OK",
        "(anonymous)  | subscribe public any        | OK",
        "(anonymous)  | ack public any              | OK",
        "(anonymous)  | offsets public any          | OK",
        "(anonymous)  | ends public                 | OK",
        "(anonymous)  | publish orders              | DENIED",
        "(anonymous)  | subscribe news news-x-eu    | OK",
        "(anonymous)  | ends orders                 | DENIED",
      })
  void call_isAllowedByARule_elseDenied(String principal, String call, String expected) {
    try (var client = client(principal)) {
      var status = status(client, call.split(" "));

      assertThat(status.getCode())
          .as("%s", status)
          .isEqualTo(expected.equals("OK") ? Code.OK : Code.PERMISSION_DENIED);
      if (!status.isOk()) {
        assertThat(status.getDescription()).isEqualTo(text(principal, call.split(" ")));
      }
    }
  }

  private static String text(String principal, String[] call) {
    var name =
        switch (principal) {
          case "(anonymous)" -> "anonymous";
          case "(nobody)" -> "(no name)";
          default -> principal;
        };
    var operation =
        switch (call[0]) {
          case "publish", "batch" -> "PUBLISH";
          case "subscribe" -> "CONSUME";
          case "ack" -> "ACK";
          default -> "DESCRIBE";
        };
    var group = call.length < 3 ? "" : " as group " + call[2].replaceAll("-v\\d+$", "");
    return "principal " + name + " may not " + operation + " topic " + call[1] + group;
  }

  private static Status status(GatewayClient client, String[] call) {
    var topic = call[1];
    return switch (call[0]) {
      case "publish" -> GatewayClient.statusOf(() -> client.publish(topic, "k", "v"));
      case "batch" -> {
        var result = client.publishBatch(List.of(request(topic))).get(0);
        yield Status.fromCodeValue(result.getError().getCode())
            .withDescription(result.getError().getMessage());
      }
      case "subscribe" -> {
        try (var stream = client.subscribe(topic, call[2], 0)) {
          await().atMost(AWAIT).until(() -> stream.isEnded() || !stream.arrived().isEmpty());
          yield stream.isEnded() ? stream.status() : Status.OK;
        }
      }
      case "ack" -> GatewayClient.statusOf(() -> client.ack(topic, call[2], 0, 0, 1));
      case "offsets" -> GatewayClient.statusOf(() -> client.offsets(topic, call[2], 0));
      default -> GatewayClient.statusOf(() -> client.endOffsets(topic));
    };
  }

  private static PublishRequest request(String topic) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setKey(bytes("k"))
        .setValue(bytes("v"))
        .build();
  }

  @Test
  void batch_isJudgedRecordByRecord() {
    try (var client = client("writer");
        var stream = BatchStream.open(client.channel())) {
      var records =
          Stream.of("orders", "other", "other", "orders", "a/b", "orders")
              .map(topic -> request(topic))
              .toList();
      stream.send(records);

      for (var results : List.of(client.publishBatch(records), stream.next())) {
        assertThat(results)
            .extracting(result -> Status.fromCodeValue(result.getError().getCode()).getCode())
            .containsExactly(
                Code.OK,
                Code.PERMISSION_DENIED,
                Code.PERMISSION_DENIED,
                Code.OK,
                Code.INVALID_ARGUMENT,
                Code.OK);
        assertThat(results.get(1).getError().getNotStored()).isTrue();
      }
    }
  }

  @Test
  void deniedPublish_wasSurelyNotStored() {
    try (var client = client("writer")) {
      var denied =
          catchThrowableOfType(
              StatusRuntimeException.class, () -> client.publish("other", "k", "v"));

      var stored = Metadata.Key.of("liiklus-stored", Metadata.ASCII_STRING_MARSHALLER);
      assertThat(denied.getTrailers().get(stored)).isEqualTo("no");
    }
  }

  @Test
  void denials_areCounted_andTheirReasonIsLogged() throws Exception {
    try (var log = new LogWatch();
        var own = Gateway.start("--config", folder.resolve("liiklus.conf").toString());
        var client = new GatewayClient(own.port());
        var http = new HttpOneSocket(own.opsPort())) {
      for (int i = 0; i < 20; i++) {
        assertThat(status(client, new String[] {"ends", "orders"}).getDescription())
            .doesNotContain("rule");
      }
      http.request("GET", "/prometheus");

      assertThat(http.response().body())
          .contains("liiklus_denied_operations_total{operation=\"DESCRIBE\"} 20.0");
      assertThat(log.take())
          .filteredOn(line -> line.contains("not allowed"))
          .singleElement()
          .asString()
          .contains(
              "operation=DESCRIBE topic=orders group= principal=anonymous"
                  + " reason=no rule for the principal names the topic");
    }
  }
}
