package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Bystander;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.LogWatch;
import io.liiklus.server.gateway.RawCall;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are wrong around the message: how many there are, how large, how compressed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FramingIT {

  private static final int MAX_MESSAGE_BYTES = 2 * 1024 * 1024;

  private GatewayClient client;
  private Bystander bystander;
  private LogWatch log;

  @BeforeAll
  void open() {
    client = new GatewayClient(Backend.MEMORY.gateway().port());
    bystander = new Bystander(Backend.MEMORY, Backend.MEMORY.gateway());
    log = new LogWatch();
  }

  @AfterAll
  void close() {
    log.close();
    bystander.close();
    client.close();
  }

  @ParameterizedTest
  @MethodSource("callsOfOneRequest")
  void callWithoutRequest_isAnInvalidArgument(String call) {
    refuses(RawCall.of(call), Status.Code.INVALID_ARGUMENT, "without a request");
  }

  @ParameterizedTest
  @MethodSource("callsOfOneRequest")
  void callOfTwoRequests_isRefused(String call) {
    refuses(
        RawCall.of(call, new byte[0], new byte[0]),
        Status.Code.INVALID_ARGUMENT,
        "more than one request");
  }

  @ParameterizedTest
  @MethodSource("calls")
  void requestOverTheLimit_isRefused(String call) {
    refuses(
        RawCall.of(call, new byte[MAX_MESSAGE_BYTES + 1]),
        Status.Code.RESOURCE_EXHAUSTED,
        Integer.toString(MAX_MESSAGE_BYTES));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void compressedRequestThatGrowsOverTheLimit_isRefused(String call) {
    refuses(
        RawCall.of(call, new byte[64 * MAX_MESSAGE_BYTES]).compressed("gzip"),
        Status.Code.RESOURCE_EXHAUSTED,
        Integer.toString(MAX_MESSAGE_BYTES));
  }

  @Test
  void compressedRequest_isTaken() {
    var topic = Backend.MEMORY.newTopic();
    var request = PublishRequest.newBuilder().setTopic(topic).setValue(bytes("x".repeat(1 << 20)));
    request.setValue(request.getValue().substring(100));
    var call = RawCall.of("Publish", request.build().toByteArray()).compressed("gzip");

    assertThat(call.open(client.channel()).status()).isEqualTo(Status.OK);
  }

  @Test
  void metadataAtTheLimit_isTaken() {
    var call = RawCall.of("GetEndOffsets", request()).withHeader("x", "x".repeat(7_500));

    assertThat(call.open(client.channel()).status()).isEqualTo(Status.OK);
  }

  @Test
  void unknownMethod_isUnimplemented() {
    refuses(RawCall.of("Delete", request()), Status.Code.UNIMPLEMENTED, "Delete");
  }

  static List<String> callsOfOneRequest() {
    return LiiklusServiceGrpc.getServiceDescriptor().getMethods().stream()
        .filter(method -> method.getType().clientSendsOneMessage())
        .map(MethodDescriptor::getBareMethodName)
        .toList();
  }

  static List<String> calls() {
    return RawCall.names();
  }

  private void refuses(RawCall call, Status.Code code, String told) {
    try (var stream = call.open(client.channel())) {
      var status = stream.status();

      assertThat(status.getCode()).as("%s", status).isEqualTo(code);
      assertThat(status.getDescription()).contains(told);
      assertThat(stream.arrived()).isEmpty();
    }
    assertThat(client.endOffsets("no-such-topic")).isEmpty();
    bystander.goesOn();
    log.requireQuiet();
  }

  private static byte[] request() {
    return GetEndOffsetsRequest.newBuilder().setTopic("no-such-topic").build().toByteArray();
  }
}
