package io.liiklus.server;

import static io.liiklus.server.gateway.HandmadeToken.hmac512;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.liiklus.server.gateway.BearerClient;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.HandmadeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller who tries to get at what another group has, by every call. */
class StrangersIT {

  private static final String SECRET = "secret";
  private static final String RULES_ON = "rules";

  /**
   * The colleague may do in the group whatever the owner may; the stranger has one of their own.
   */
  private static final String RULES =
      """
      authorization.enabled = true
      authorization.rules = [
        { principals = [owner, colleague], topics = [t], groups = [g]
          allow = [PUBLISH, CONSUME, ACK, DESCRIBE] }
        { principals = [stranger], topics = [t], groups = [mine, "g-*"]
          allow = [PUBLISH, CONSUME, ACK, DESCRIBE] }
      ]
      """;

  @TempDir private Path folder;
  private Gateway gateway;

  @AfterEach
  void stop() {
    gateway.close();
  }

  private void start(String rules) throws IOException {
    var file = Files.writeString(folder.resolve("liiklus.conf"), rules).toString();
    gateway =
        Gateway.start(
            "--config",
            file,
            "--grpc.auth.alg=HMAC512",
            "--grpc.auth.secret=" + SECRET,
            "--memory.partitions=1");
  }

  private GatewayClient client(String principal) {
    var token = HandmadeToken.of("HS512", null, principal).signed(hmac512(SECRET));
    return BearerClient.open(gateway.port(), token);
  }

  private static Status ack(GatewayClient client, Assignment assignment) {
    var request = AckRequest.newBuilder().setOffset(7);
    // As clients of the original do.
    @SuppressWarnings("deprecation")
    var named = request.setAssignment(assignment).build();
    return GatewayClient.statusOf(() -> client.stub().ack(named));
  }

  @Test
  void stranger_getsNothingOfAnotherGroup() throws IOException {
    start(RULES);
    try (var owner = client("owner");
        var stranger = client("stranger");
        var subscription = owner.subscribe("t", "g", 0)) {
      owner.publish("t", "k", "secret");
      var assignment = subscription.next().getAssignment();

      assertThat(stranger.receive(assignment).status().getCode()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(ack(stranger, assignment).getCode()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(stranger.subscribe("t", "g", 0).status().getCode())
          .isEqualTo(Code.PERMISSION_DENIED);
      // Names that begin as the stranger's own do, and stand for versions of the owner's.
      for (var group : new String[] {"g", "g-v1", "g-v0", "g-v3-v0", "g-v03-v00"}) {
        assertThat(stranger.subscribe("t", group, 0).status().getCode())
            .isEqualTo(Code.PERMISSION_DENIED);
        assertThat(GatewayClient.statusOf(() -> stranger.ack("t", group, 0, 0, 5)).getCode())
            .isEqualTo(Code.PERMISSION_DENIED);
        assertThat(GatewayClient.statusOf(() -> stranger.offsets("t", group, 0)).getCode())
            .isEqualTo(Code.PERMISSION_DENIED);
      }
      assertThat(GatewayClient.statusOf(() -> stranger.offsets("t", "g", 3)).getCode())
          .isEqualTo(Code.PERMISSION_DENIED);
      for (int version = 0; version < 4; version++) {
        assertThat(owner.offsets("t", "g", version)).isEmpty();
      }
      stranger.ack("t", "g-eu", 0, 0, 5);
      assertThat(stranger.offsets("t", "g-eu", 0)).containsEntry(0, 5L);
      // The owner's own stream was not taken either.
      try (var receive = owner.receive(assignment)) {
        assertThat(receive.take(1).get(0).getRecord().getValue().toStringUtf8())
            .isEqualTo("secret");
      }
      assertThat(ack(owner, assignment)).isEqualTo(Status.OK);
      assertThat(owner.offsets("t", "g", 0)).containsEntry(0, 7L);
    }
  }

  /** Who opened a session is told its id; others may have seen it, as in a log. */
  @ParameterizedTest
  @ValueSource(strings = {RULES_ON, "authorization.enabled = false"})
  void session_isItsOpenersAlone(String rules) throws IOException {
    start(rules.equals(RULES_ON) ? RULES : rules);
    try (var owner = client("owner");
        var again = client("owner");
        var colleague = client("colleague");
        var subscription = owner.subscribe("t", "g", 0)) {
      owner.publish("t", "k", "v");
      var assignment = subscription.next().getAssignment();

      var receive = colleague.receive(assignment).status();
      assertThat(receive.getCode()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(receive.getDescription())
          .isEqualTo(
              "principal colleague may not CONSUME by this session: another principal opened it");
      assertThat(ack(colleague, assignment).getDescription())
          .isEqualTo(
              "principal colleague may not ACK by this session: another principal opened it");
      assertThat(ack(again, assignment)).isEqualTo(Status.OK);
      var made = Assignment.newBuilder().setSessionId("made-up").build();
      assertThat(
              colleague
                  .receive(ReceiveRequest.newBuilder().setAssignment(made).build())
                  .status()
                  .getCode())
          .isEqualTo(Code.FAILED_PRECONDITION);
    }
  }
}
