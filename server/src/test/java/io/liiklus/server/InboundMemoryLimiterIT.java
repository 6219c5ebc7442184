package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static io.liiklus.server.gateway.HttpTwoSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Bystander;
import io.liiklus.server.gateway.Footprint;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
import io.liiklus.server.gateway.HttpTwoSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that begin and do not end, more of them than there is memory for. */
class InboundMemoryLimiterIT {

  private static final int MIB = 1024 * 1024;
  private static final int BOUND = 8 * MIB;
  private static final int MESSAGE_BYTES = 2 * MIB;
  private static final int FRAME_BYTES = 16 * 1024;

  /** The bound, a few reads of the sockets, and what the arenas round up to. */
  private static final long MOST_DIRECT_GROWTH = 64L * MIB;

  private final List<Unfinished> unfinished = new ArrayList<>();
  private Gateway gateway;
  private GatewayClient client;
  private Bystander bystander;

  @BeforeEach
  void open() {
    gateway =
        Gateway.start(
            "--memory.partitions=" + Backend.PARTITIONS,
            "--memory.maxRecordBytes=2MiB",
            "--grpc.maxUnfinishedRequestBytes=" + BOUND,
            "--grpc.maxCallsPerConnection=50000");
    client = new GatewayClient(gateway.port());
    bystander = new Bystander(Backend.MEMORY, gateway);
  }

  @AfterEach
  void close() {
    bystander.close();
    client.close();
    gateway.close();
  }

  @Test
  void messagesThatNeverEnd_takeNoMoreThanTheBound() throws IOException {
    var before = Footprint.now();
    try (var connection = HttpTwoSocket.open(gateway.port())) {
      boolean isTaken = true;
      for (int i = 0; i < 300 && isTaken; i++) {
        isTaken = connection.trySend(mostOfAMessage(1 + 2 * i));
        if (i % 30 == 0) {
          bystander.goesOn();
          // Of many frames, while the others hold all there is.
          client.publish("large", "key", "x".repeat(MESSAGE_BYTES - 1_000));
        }
        assertThat(Footprint.now().directBytes())
            .isLessThan(before.directBytes() + MOST_DIRECT_GROWTH);
      }
      assertThat(connection.awaitFrame(HttpTwoSocket.HEADERS)).isTrue();
    }
    bystander.goesOn();
    before.awaitAgain();
  }

  @Test
  void messageInOneBytePieces_countsForTheCostOfItsPieces() throws IOException {
    var piece = frame(HttpTwoSocket.DATA, 0, 1, new byte[1]);
    var pieces = new ByteArrayOutputStream();
    for (int i = 0; i < BOUND / 1024; i++) {
      pieces.writeBytes(piece);
    }
    try (var connection = HttpTwoSocket.open(gateway.port())) {
      connection.send(head(1));
      connection.send(frame(HttpTwoSocket.DATA, 0, 1, prefix()));
      connection.send(pieces.toByteArray());

      assertThat(connection.awaitFrame(HttpTwoSocket.HEADERS)).isTrue();
    }
    bystander.goesOn();
  }

  @Test
  void newestCallsOfTheLargestConnection_areEndedAndTheOthersServed() {
    for (int i = 0; i < 2; i++) {
      try (var other = new GatewayClient(gateway.port())) {
        var first = publishWithoutEnd(other, "identity", 'a');
        var mine = publishWithoutEnd(client, "identity", 'a');
        await().atMost(GatewayClient.PATIENCE).until(() -> publishesWithoutEndAreEnded(other));

        bystander.goesOn();
        first.call().halfClose();
        mine.call().halfClose();
        assertThat(first.status()).isEqualTo(Status.OK);
        assertThat(mine.status()).isEqualTo(Status.OK);
        requireRefused();
      }
    }
  }

  @Test
  void compressedMessage_countsAtItsFullSize() {
    await().atMost(GatewayClient.PATIENCE).until(() -> isEndedOnceOpened("gzip", '\0'));

    requireRefused();
    bystander.goesOn();
  }

  @Test
  void openCallsOfOtherServices_countUntilTheyEnd() {
    var watch = HealthCheckRequest.newBuilder().build();
    var watches = new ArrayList<GatewayStream<?>>();
    for (int i = 0; i < BOUND / 4096 + 10; i++) {
      var stream = GatewayStream.open(client.channel(), HealthGrpc.getWatchMethod(), watch);
      stream.request(Integer.MAX_VALUE);
      watches.add(stream);
    }

    await()
        .atMost(GatewayClient.PATIENCE)
        .until(() -> watches.stream().anyMatch(GatewayStream::isEnded));

    assertThat(watches.get(0).isEnded()).isFalse();
    assertThat(
            watches.stream().filter(GatewayStream::isEnded).map(ended -> ended.status().getCode()))
        .containsOnly(Status.Code.RESOURCE_EXHAUSTED);
    bystander.goesOn();
  }

  @Test
  void stalledRequest_isEndedAndASlowOneIsWaitedFor() throws Exception {
    var watch = HealthCheckRequest.newBuilder().build();
    var request =
        PublishRequest.newBuilder().setTopic("slow").setValue(bytes("x".repeat(1_000))).build();
    try (var impatient = Gateway.start("--grpc.unfinishedRequestTimeout=2s");
        var other = new GatewayClient(impatient.port());
        var watching = GatewayStream.open(other.channel(), HealthGrpc.getWatchMethod(), watch);
        var silent = HttpTwoSocket.open(impatient.port());
        var slow = HttpTwoSocket.open(impatient.port())) {
      watching.request(Integer.MAX_VALUE);
      silent.send(head(1));
      silent.send(frame(HttpTwoSocket.DATA, 0, 1, prefix()));
      slow.send(head(1));
      var pieces = ByteBuffer.allocate(5 + request.getSerializedSize());
      pieces.put((byte) 0).putInt(request.getSerializedSize()).put(request.toByteArray()).flip();

      var unended = publishWithoutEnd(other, "identity", 'a');
      await()
          .atMost(GatewayClient.PATIENCE)
          .until(
              () -> {
                slow.send(frame(HttpTwoSocket.DATA, 0, 1, new byte[] {pieces.get()}));
                return unended.isEnded();
              });
      var rest = new byte[pieces.remaining()];
      pieces.get(rest);
      slow.send(frame(HttpTwoSocket.DATA, HttpTwoSocket.END_STREAM, 1, rest));

      assertThat(unended.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(unended.status().getDescription()).contains("grpc.unfinishedRequestTimeout");
      assertThat(silent.awaitFrame(HttpTwoSocket.HEADERS)).isTrue();
      // A refusal has no message.
      assertThat(slow.awaitFrame(HttpTwoSocket.DATA)).isTrue();
      // Behind all that was told on this connection before.
      assertThat(other.endOffsets("no-such-topic")).isEmpty();
      assertThat(watching.isEnded()).isFalse();
    }
  }

  private boolean publishesWithoutEndAreEnded(GatewayClient of) {
    unfinished.add(publishWithoutEnd(of, "identity", 'a'));
    return unfinished.stream().anyMatch(Unfinished::isEnded);
  }

  private boolean isEndedOnceOpened(String compressor, char filling) {
    unfinished.add(publishWithoutEnd(client, compressor, filling));
    return unfinished.stream().anyMatch(Unfinished::isEnded);
  }

  private void requireRefused() {
    for (var call : unfinished) {
      if (call.isEnded()) {
        assertThat(call.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(call.status().getDescription()).contains("grpc.maxUnfinishedRequestBytes");
      } else {
        call.call().cancel("the test is done with it", null);
      }
    }
    unfinished.clear();
  }

  /** A whole message, and no end of the call. */
  private static Unfinished publishWithoutEnd(GatewayClient of, String compressor, char filling) {
    var options = CallOptions.DEFAULT.withCompression(compressor);
    var call = of.channel().newCall(LiiklusServiceGrpc.getPublishMethod(), options);
    var status = new CompletableFuture<Status>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status ended, Metadata trailers) {
            status.complete(ended);
          }
        },
        new Metadata());
    call.request(1);
    call.setMessageCompression(true);
    var value = String.valueOf(filling).repeat(MESSAGE_BYTES - 1_000);
    call.sendMessage(
        PublishRequest.newBuilder().setTopic("unfinished").setValue(bytes(value)).build());
    return new Unfinished(call, status);
  }

  private record Unfinished(
      ClientCall<PublishRequest, PublishReply> call, CompletableFuture<Status> ended) {

    boolean isEnded() {
      return ended.isDone();
    }

    Status status() {
      try {
        return ended.get(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (Exception failure) {
        throw new IllegalStateException(failure);
      }
    }
  }

  private static byte[] mostOfAMessage(int stream) {
    var frames = new ByteArrayOutputStream();
    frames.writeBytes(head(stream));
    frames.writeBytes(frame(HttpTwoSocket.DATA, 0, stream, prefix()));
    for (int sent = 0; sent < MESSAGE_BYTES - FRAME_BYTES; sent += FRAME_BYTES) {
      frames.writeBytes(frame(HttpTwoSocket.DATA, 0, stream, new byte[FRAME_BYTES]));
    }
    return frames.toByteArray();
  }

  private static byte[] head(int stream) {
    var head = HttpTwoSocket.call("Publish");
    return frame(HttpTwoSocket.HEADERS, HttpTwoSocket.END_HEADERS, stream, head);
  }

  /** That of a message of the largest size. */
  private static byte[] prefix() {
    return ByteBuffer.allocate(5).put((byte) 0).putInt(MESSAGE_BYTES).array();
  }
}
