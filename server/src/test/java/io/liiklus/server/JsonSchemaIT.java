package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Status;
import io.liiklus.server.gateway.BatchStream;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.LogWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON schemas of what is published, over a real channel. */
class JsonSchemaIT {

  private static final String STRICT =
      "events: {a: {type: object, required: [n], properties: {n: {type: integer}}}}";
  private static final String ANYTHING = "events: {a: {type: object}, b: {}}";

  @TempDir Path folder;

  private final String topic = "topic-" + UUID.randomUUID();

  private Path file() {
    return folder.resolve("schemas.yml");
  }

  private Gateway start(String url, String... more) {
    var settings =
        new ArrayList<>(
            List.of(
                "--schema.enabled=true",
                "--schema.schemaURL=" + url,
                "--schema.reloadInterval=100ms"));
    settings.addAll(List.of(more));
    return Gateway.start(settings.toArray(String[]::new));
  }

  private Status publish(GatewayClient client, String value) {
    return GatewayClient.statusOf(() -> client.stub().publish(request(value)));
  }

  private PublishRequest request(String value) {
    return PublishRequest.newBuilder().setTopic(topic).setValue(bytes(value)).build();
  }

  private Status publishEvent(GatewayClient client, String type, String data) {
    var event =
        LiiklusEvent.newBuilder()
            .setId("1")
            .setType(type)
            .setSource("/tests")
            .setDataContentType("application/json")
            .setData(ByteString.copyFromUtf8(data));
    return GatewayClient.statusOf(
        () ->
            client
                .stub()
                .publish(
                    PublishRequest.newBuilder().setTopic(topic).setLiiklusEvent(event).build()));
  }

  private static void assertRefused(Status status, String text) {
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).isEqualTo(text);
  }

  @Test
  void records_areCheckedOnTheirWayIn() throws IOException {
    Files.writeString(file(), STRICT);
    try (var gateway = start(file().toString(), "--schema.eventTypeJsonPointer=/kind/name");
        var client = new GatewayClient(gateway.port())) {
      assertThat(publish(client, "{\"kind\":{\"name\":\"a\"},\"n\":1}")).isEqualTo(Status.OK);
      assertThat(publishEvent(client, "a", "{\"n\":1}")).isEqualTo(Status.OK);
      assertRefused(
          publishEvent(client, "a", "{\"n\":\"1\"}"),
          "liiklusEvent.data: does not fit the schema of \"a\": /n: string found, integer expected"
              + " (type)");
      assertRefused(
          publishEvent(client, "b", "{}"),
          "liiklusEvent.data: there is no schema for the type \"b\"");
      assertRefused(
          publish(client, "{\"n\":1}"),
          "value: has no type at /kind/name (schema.eventTypeJsonPointer)");
      var tombstone =
          PublishRequest.newBuilder().setTopic(topic).setKey(bytes("k")).setTombstone(true).build();
      assertThat(GatewayClient.statusOf(() -> client.stub().publish(tombstone)))
          .isEqualTo(Status.OK);
    }
  }

  @Test
  void largeAndSmallRecordsOfABatch_keepTheirOrder() throws IOException {
    Files.writeString(file(), STRICT);
    try (var gateway = start("file:" + file(), "--memory.partitions=1");
        var client = new GatewayClient(gateway.port())) {
      var large = "{\"eventType\":\"a\",\"n\":%d,\"s\":\"" + "x".repeat(100_000) + "\"}";
      var small = "{\"eventType\":\"a\",\"n\":%d}";
      var requests = new ArrayList<PublishRequest>();
      for (int i = 0; i < 10; i++) {
        var value = (i % 3 == 0 ? large : small).formatted(i);
        requests.add(request(value));
      }

      var results = client.publishBatch(requests);

      assertThat(results)
          .extracting(result -> result.getReply().getOffset())
          .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }
  }

  @Test
  void streamedRecords_areCheckedEachByItself() throws IOException {
    Files.writeString(file(), STRICT);
    try (var gateway = start(file().toString(), "--memory.partitions=1");
        var client = new GatewayClient(gateway.port());
        var stream = BatchStream.open(client.channel())) {
      var good = request("{\"eventType\":\"a\",\"n\":1}");
      stream.send(good, request("{\"eventType\":\"a\",\"n\":\"1\"}"), good);
      stream.send(request("{\"eventType\":\"b\"}"));
      stream.send(good);

      var results = stream.next();
      assertThat(results.get(0).getReply().getOffset()).isZero();
      assertThat(results.get(1).getError().getCode())
          .isEqualTo(Status.Code.INVALID_ARGUMENT.value());
      assertThat(results.get(1).getError().getMessage())
          .startsWith("value: does not fit the schema of \"a\": /n: ");
      assertThat(results.get(1).getError().getNotStored()).isTrue();
      assertThat(results.get(2).getReply().getOffset()).isEqualTo(1);
      assertThat(stream.next().get(0).getError().getMessage())
          .isEqualTo("value: there is no schema for the type \"b\"");
      assertThat(stream.next().get(0).getReply().getOffset()).isEqualTo(2);
    }
  }

  @Test
  void changedSchemas_areUsed_andNoCallIsRefusedMeanwhile() throws IOException {
    Files.writeString(file(), ANYTHING);
    var statuses = new ConcurrentLinkedQueue<Status>();
    var isOver = new AtomicBoolean();
    try (var gateway = start(file().toString());
        var client = new GatewayClient(gateway.port())) {
      var load =
          CompletableFuture.runAsync(
              () -> {
                while (!isOver.get()) {
                  statuses.add(publishEvent(client, "a", "{\"n\":1}"));
                }
              });
      for (int i = 0; i < 3; i++) {
        replace(STRICT);
        await()
            .atMost(GatewayClient.PATIENCE)
            .until(() -> publishEvent(client, "b", "{}").getCode() == Status.Code.INVALID_ARGUMENT);
        replace(ANYTHING);
        await().atMost(GatewayClient.PATIENCE).until(() -> publishEvent(client, "b", "{}").isOk());
      }
      isOver.set(true);
      load.join();

      assertThat(statuses).isNotEmpty().containsOnly(Status.OK);
    }
  }

  private void replace(String text) throws IOException {
    var other = Files.writeString(folder.resolve("next.yml"), text);
    Files.move(other, file(), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void schemasThatCannotBeUsed_leaveTheOldOnes_andAreToldOnce() throws IOException {
    Files.writeString(file(), STRICT);
    try (var log = new LogWatch();
        var gateway = start(file().toString());
        var client = new GatewayClient(gateway.port())) {
      log.take();
      replace("events: {a: {type: nothing}}");

      await()
          .atMost(GatewayClient.PATIENCE)
          .until(() -> page(gateway).matches("(?s).*reload_failures_total [3-9].*"));

      assertThat(log.take())
          .filteredOn(line -> line.contains("schemas"))
          .singleElement()
          .asString()
          .contains(
              "the changed schemas cannot be used, the old ones stay in use, from=" + file(),
              "the schema of a is no valid schema: /type: ");
      assertThat(publishEvent(client, "a", "{\"n\":1}")).isEqualTo(Status.OK);
      assertThat(publishEvent(client, "a", "{}").isOk()).isFalse();
    }
  }

  private static String page(Gateway gateway) {
    try (var stream =
        URI.create("http://127.0.0.1:" + gateway.opsPort() + "/prometheus").toURL().openStream()) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void documentBehindHttp_isAskedForByItsEtag() throws IOException {
    var document = new AtomicReference<>(STRICT);
    var unchanged = new AtomicInteger();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/s.yml",
        exchange -> {
          var etag = '"' + Integer.toHexString(document.get().hashCode()) + '"';
          exchange.getResponseHeaders().set("ETag", etag);
          if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            unchanged.incrementAndGet();
            exchange.sendResponseHeaders(304, -1);
          } else {
            var body = document.get().getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
    var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/s.yml";
    try (var gateway = start(url);
        var client = new GatewayClient(gateway.port())) {
      await().atMost(GatewayClient.PATIENCE).until(() -> unchanged.get() > 2);
      assertThat(publishEvent(client, "b", "{}").isOk()).isFalse();

      document.set(ANYTHING);

      await().atMost(GatewayClient.PATIENCE).until(() -> publishEvent(client, "b", "{}").isOk());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void documentThatCannotBeUsedAtTheStart_endsIt() {
    assertThatThrownBy(() -> start(folder.resolve("none.yml").toString()))
        .hasRootCauseInstanceOf(IOException.class)
        .hasMessageContaining(
            "schema.schemaURL: the document at %s cannot be used: there is no file"
                .formatted(folder.resolve("none.yml")));
  }

  @Test
  void documentOnTheClassPath_isUsed() {
    try (var gateway = start("classpath:schemas/example.yml");
        var client = new GatewayClient(gateway.port())) {
      assertThat(publishEvent(client, "a/b c", "{}")).isEqualTo(Status.OK);
    }
  }
}
