package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static io.liiklus.server.gateway.HttpTwoSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.BatchStream;
import io.liiklus.server.gateway.Bystander;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.HttpTwoSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Streams of batches whose clients are silent, or do not read. */
class PublishStreamLimitsIT {

  private static final int MIB = 1024 * 1024;

  /** The smallest window that HTTP/2 begins with. */
  private static final int SMALL_WINDOW = 65_535;

  private static final Pattern UNFINISHED =
      Pattern.compile("^liiklus_unfinished_request_bytes ([0-9.E]+)$", Pattern.MULTILINE);

  @Test
  void idleStream_outlivesARequestThatDoesNotEnd() throws IOException {
    try (var gateway = Gateway.start("--grpc.unfinishedRequestTimeout=1s");
        var client = new GatewayClient(gateway.port());
        var used = BatchStream.open(client.channel());
        var unused = BatchStream.open(client.channel())) {
      used.send(record());
      assertThat(used.next().get(0).hasReply()).isTrue();
      for (int i = 0; i < 3; i++) {
        awaitEndOfHalfARequest(gateway.port());
      }

      used.send(record());
      unused.send(record());
      assertThat(used.next().get(0).hasReply()).isTrue();
      assertThat(unused.next().get(0).hasReply()).isTrue();
    }
  }

  private static void awaitEndOfHalfARequest(int port) throws IOException {
    try (var silent = HttpTwoSocket.open(port)) {
      var head = HttpTwoSocket.call("PublishStream");
      silent.send(frame(HttpTwoSocket.HEADERS, HttpTwoSocket.END_HEADERS, 1, head));
      var prefix = ByteBuffer.allocate(6).put((byte) 0).putInt(100).put((byte) 0).array();
      silent.send(frame(HttpTwoSocket.DATA, 0, 1, prefix));
      assertThat(silent.awaitFrame(HttpTwoSocket.HEADERS)).isTrue();
    }
  }

  @Test
  void streamsThatAreNotRead_countWithTheirWindows() throws Exception {
    int bound = 8 * MIB;
    try (var gateway =
            Gateway.start(
                "--memory.partitions=" + Backend.PARTITIONS,
                "--grpc.flowControlWindow=" + MIB,
                "--grpc.maxUnfinishedRequestBytes=" + bound);
        var bystander = new Bystander(Backend.MEMORY, gateway)) {
      var channel =
          NettyChannelBuilder.forAddress("127.0.0.1", gateway.port())
              .usePlaintext()
              .flowControlWindow(SMALL_WINDOW)
              .build();
      try {
        var streams = new ArrayList<BatchStream>();
        for (int i = 0; i < 2 * bound / MIB; i++) {
          var stream = BatchStream.openUnread(channel, new Metadata());
          for (int batch = 0; batch < 8; batch++) {
            // Its reply is nearly as large as the client's window.
            stream.send(Collections.nCopies(1_000, record()));
          }
          streams.add(stream);
        }
        await()
            .atMost(GatewayClient.PATIENCE)
            .until(() -> unfinishedBytes(gateway) > bound - bound / 8);
        bystander.goesOn();

        streams.forEach(stream -> stream.request(Integer.MAX_VALUE));
        await()
            .atMost(GatewayClient.PATIENCE)
            .until(() -> streams.stream().anyMatch(BatchStream::isEnded));
        for (var stream : streams) {
          if (stream.isEnded()) {
            assertThat(stream.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(stream.status().getDescription()).contains("grpc.maxUnfinishedRequestBytes");
            // Of a stream that has begun, what has no reply may be stored.
            assertThat(stream.isRestNotStored() && stream.arrived() > 0).isFalse();
          }
          stream.close();
        }
        await().atMost(GatewayClient.PATIENCE).until(() -> unfinishedBytes(gateway) < MIB);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static double unfinishedBytes(Gateway gateway) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + gateway.opsPort() + "/prometheus");
    var page =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    var value = UNFINISHED.matcher(page);
    assertThat(value.find()).as(page).isTrue();
    return Double.parseDouble(value.group(1));
  }

  private static PublishRequest record() {
    return PublishRequest.newBuilder().setTopic("topic-of-a-stream").setKey(bytes("key")).build();
  }
}
