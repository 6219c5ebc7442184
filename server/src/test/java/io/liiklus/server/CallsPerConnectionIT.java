package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static io.liiklus.server.gateway.HttpTwoSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Bystander;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.HttpTwoSocket;
import java.util.ArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More calls on one connection than there may be. */
class CallsPerConnectionIT {

  private static final int BOUND = 8;
  private static final int PUBLISHES = 200;

  private Gateway gateway;

  @BeforeEach
  void open() {
    gateway =
        Gateway.start(
            "--memory.partitions=" + Backend.PARTITIONS, "--grpc.maxCallsPerConnection=" + BOUND);
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void answeredCallsThatNeverEnd_doNotPileUp() throws Exception {
    try (var bystander = new Bystander(Backend.MEMORY, gateway);
        var connection = HttpTwoSocket.open(gateway.port())) {
      for (int i = 0; i <= BOUND; i++) {
        var head = HttpTwoSocket.call("NoSuchMethod");
        connection.send(frame(HttpTwoSocket.HEADERS, HttpTwoSocket.END_HEADERS, 1 + 2 * i, head));
      }

      assertThat(connection.awaitFrame(HttpTwoSocket.RST_STREAM)).isTrue();
      bystander.goesOn();
    }
  }

  @Test
  void client_queuesCallsPastTheBound() throws Exception {
    try (var client = new GatewayClient(gateway.port())) {
      var publishes = new ArrayList<Future<PublishReply>>();
      var request = PublishRequest.newBuilder().setTopic("topic").setValue(bytes("value")).build();
      for (int i = 0; i < PUBLISHES; i++) {
        publishes.add(LiiklusServiceGrpc.newFutureStub(client.channel()).publish(request));
      }

      for (var publish : publishes) {
        assertThat(publish.get(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
      }
    }
  }
}
