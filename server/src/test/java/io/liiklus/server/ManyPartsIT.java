package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
import io.liiklus.server.gateway.RawCall;
import io.liiklus.server.gateway.UnpackedRelease;
import io.liiklus.testing.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests of very many parts of a few bytes, to a gateway whose heap is a fraction of what objects
 * of all of them would take. It ends when its heap is full.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyPartsIT {

  private static final int REQUEST_BYTES = 16 << 20;
  private static final int AT_ONCE = 3;

  /** Each would hold 90 KB. */
  private static final int UNENDED = 6_000;

  private static final Header HEADER = Header.newBuilder().setKey("h").build();

  private UnpackedRelease release;
  private Process gateway;
  private int grpcPort;
  private int opsPort;
  private GatewayClient client;

  /** Empty parts, by the bytes of one. */
  private enum Part {
    RECORD("PublishBatch", "publish.maxBatchRecords", 0x0a, 0),
    RECORD_WITH_KEY("PublishBatch", "publish.maxBatchRecords", 0x0a, 2, 0x12, 0),
    HEADER("Publish", "topic", 0x2a, 0),
    HEADER_WITH_KEY("Publish", "topic", 0x2a, 2, 0x0a, 0),
    EVENT("Publish", "topic", 0x22, 0),
    NUMBER("GetOffsets", "topic", 0x78, 1),
    TEXT("Publish", "topic", 0x7a, 0),
    GROUP("Ack", "topic", 0x7b, 0x7c),
    GROUP_OF_BATCH("PublishBatch", "", 0x7b, 0x7c);

    private final String call;
    private final String told;
    private final ByteString bytes;

    Part(String call, String told, int... bytes) {
      this.call = call;
      this.told = told;
      var out = ByteString.newOutput();
      for (int each : bytes) {
        out.write(each);
      }
      this.bytes = out.toByteString();
    }

    byte[] repeated() {
      return repeat(bytes.toByteArray(), REQUEST_BYTES);
    }
  }

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    var ports = FreePorts.pick(2);
    grpcPort = ports.get(0);
    opsPort = ports.get(1);
    release = UnpackedRelease.in(folder);
    gateway =
        release.start(
            release.script(),
            Map.of("JAVA_OPTS", "-Xmx256m"),
            "--storage.records.type=MEMORY",
            "--memory.maxRecordBytes=" + REQUEST_BYTES,
            "--memory.maxBytesPerPartition=" + REQUEST_BYTES,
            "--grpc.port=" + grpcPort,
            "--server.port=" + opsPort);
    client = new GatewayClient(grpcPort);
    await().atMost(UnpackedRelease.PATIENCE).ignoreExceptions().until(this::serves);
  }

  @AfterAll
  void end() {
    client.close();
    gateway.destroyForcibly();
  }

  private boolean serves() {
    return client.endOffsets("no-such-topic").isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Part.class)
  void parts_areRefusedOrPassedOver(Part part) throws IOException {
    var request = part.repeated();

    for (var status : send(RawCall.of(part.call, request))) {
      assertThat(status.getCode())
          .as("%s", status)
          .isEqualTo(part.told.isEmpty() ? Status.Code.OK : Status.Code.INVALID_ARGUMENT);
      assertThat(String.valueOf(status.getDescription())).contains(part.told);
    }
    requireServes();
  }

  @ParameterizedTest
  @MethodSource("otherServices")
  void partsForOtherServices_areDropped(String call) throws IOException {
    var request = Part.GROUP.repeated();

    for (var status : send(RawCall.of(call, request))) {
      assertThat(status).isEqualTo(Status.OK);
    }
    requireServes();
  }

  static List<String> otherServices() {
    return List.of(
        "grpc.health.v1.Health/Check",
        "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
  }

  @Test
  void extensions_areRefused() throws IOException {
    var event = new ByteArrayOutputStream();
    for (int i = 1_000_000; event.size() < REQUEST_BYTES - 100; i++) {
      event.writeBytes(new byte[] {(byte) 0xc2, 0x0c, 9, 0x0a, 7});
      event.writeBytes(Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
    }
    // An event with all that it needs, behind the topic.
    event.writeBytes(new byte[] {0x0a, 1, 'i', 0x12, 1, 't', 0x1a, 1, 's'});
    var request = new ByteArrayOutputStream();
    request.writeBytes(new byte[] {0x0a, 1, 't', 0x22});
    for (int left = event.size(); left > 0; left >>>= 7) {
      request.write((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    }
    request.writeBytes(event.toByteArray());

    for (var status : send(RawCall.of("Publish", request.toByteArray()))) {
      assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(status.getDescription())
          .isEqualTo(
              "liiklusEvent.extensions: more than 1000 extensions are not allowed"
                  + " (publish.maxHeaders)");
    }
    requireServes();
  }

  @Test
  void textThatIsNotUtf8_isRefused() throws IOException {
    var request = new ByteArrayOutputStream();
    // 15 MiB.
    request.writeBytes(new byte[] {0x0a, (byte) 0x80, (byte) 0x80, (byte) 0xc0, 7});
    request.writeBytes(repeat(new byte[] {(byte) 0xff}, 15 << 20));

    for (var call : List.of("Publish", "GetOffsets")) {
      for (var status : send(RawCall.of(call, request.toByteArray()))) {
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription()).contains("does not parse", "UTF-8");
      }
    }
    requireServes();
  }

  @Test
  void unendedRequestsOfSmallParts_areHeldUnparsed() throws IOException {
    var request =
        PublishRequest.newBuilder()
            .setTopic("topic")
            .addAllHeaders(Collections.nCopies(1_000, HEADER))
            .build();
    try (var other = new GatewayClient(grpcPort)) {
      for (int i = 0; i < UNENDED; i++) {
        publishWithoutEnd(other, request);
      }

      await()
          .atMost(GatewayClient.PATIENCE)
          .until(() -> unfinishedBytes() > UNENDED * (long) request.getSerializedSize());
      requireServes();
    }
    await().atMost(GatewayClient.PATIENCE).until(() -> unfinishedBytes() == 0);
  }

  private long unfinishedBytes() throws Exception {
    var uri = URI.create("http://127.0.0.1:" + opsPort + "/prometheus");
    var metrics =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
            .body();
    return metrics
        .lines()
        .filter(line -> line.startsWith("liiklus_unfinished_request_bytes "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private static void publishWithoutEnd(GatewayClient client, PublishRequest request) {
    var method = LiiklusServiceGrpc.getPublishMethod();
    var call = client.channel().newCall(method, CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.request(1);
    call.sendMessage(request);
  }

  private List<Status> send(RawCall call) {
    var streams = new ArrayList<GatewayStream<byte[]>>();
    for (int i = 0; i < AT_ONCE; i++) {
      streams.add(call.open(client.channel()));
    }
    return streams.stream().map(GatewayStream::status).toList();
  }

  private void requireServes() throws IOException {
    assertThat(gateway.isAlive()).as("%s", release.err(gateway)).isTrue();
    try {
      client.publish("topic-of-others", "key", "value");
    } catch (StatusRuntimeException failure) {
      throw new AssertionError(release.out(gateway), failure);
    }
  }

  private static byte[] repeat(byte[] part, int bytes) {
    var whole = new byte[bytes / part.length * part.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = part[i % part.length];
    }
    return whole;
  }
}
