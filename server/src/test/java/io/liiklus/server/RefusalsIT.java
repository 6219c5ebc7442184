package io.liiklus.server;

import static io.liiklus.server.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Bad input, through a real channel: the status, and the field that the text names. */
@ParameterizedClass
@EnumSource(Backend.class)
class RefusalsIT {

  /** A request and what the refusal names. */
  private record Refusal(Message request, String named) {}

  @Parameter Backend backend;

  private GatewayClient client;

  @BeforeEach
  void open() {
    client = new GatewayClient(backend.gateway().port());
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void badInputIsAnInvalidArgumentThatNamesTheField() {
    Stream.of(
            new Refusal(publish().setTopic("").build(), "topic"),
            new Refusal(publish().setTopic("a b").build(), "topic"),
            new Refusal(publish().setTopic("..").build(), "topic"),
            new Refusal(publish().setTopic("t".repeat(250)).build(), "topic"),
            new Refusal(publish().setTombstone(true).setValue(bytes("x")).build(), "tombstone"),
            new Refusal(
                publish().addHeaders(Header.newBuilder().setKey("")).build(), "headers[0].key"),
            new Refusal(
                publish().addHeaders(Header.newBuilder().setKey("ce_id")).build(),
                "headers[0].key"),
            new Refusal(publish().setLiiklusEvent(event().clearId()).build(), "id"),
            new Refusal(publish().setLiiklusEvent(event().setTime("noon")).build(), "time"),
            new Refusal(
                publish().setLiiklusEvent(event().putExtensions("Upper", "x")).build(), "Upper"),
            new Refusal(subscribe().setTopic("/").build(), "topic"),
            new Refusal(subscribe().setGroup("").build(), "group"),
            new Refusal(subscribe().setGroup("g".repeat(256)).build(), "group"),
            new Refusal(subscribe().setGroup("a\nb").build(), "group"),
            new Refusal(subscribe().setGroup("g-v2147483648").build(), "group"),
            new Refusal(subscribe().setGroup("-v3").build(), "group"),
            new Refusal(subscribe().setGroupVersion(-1).build(), "group_version"),
            new Refusal(subscribe().setAutoOffsetResetValue(7).build(), "auto_offset_reset"),
            new Refusal(receive().clearAssignment().build(), "assignment"),
            new Refusal(receive().setFormatValue(9).build(), "format"),
            new Refusal(receive().setMaxBatchRecords(-1).build(), "max_batch_records"),
            new Refusal(
                receive().setAssignment(assignment().setPartition(-1)).build(), "partition"),
            new Refusal(ack().setTopic("").build(), "topic"),
            new Refusal(ack().setGroup("").build(), "group"),
            new Refusal(ack().setPartition(-1).build(), "partition"),
            new Refusal(ack().setOffset(Long.MAX_VALUE).build(), "offset"),
            new Refusal(ack().setOffset(-2).build(), "offset"),
            new Refusal(GetOffsetsRequest.newBuilder().setTopic("t").build(), "group"),
            new Refusal(GetEndOffsetsRequest.getDefaultInstance(), "topic"))
        .forEach(
            refusal -> {
              var status = call(refusal.request());
              assertThat(status.getCode())
                  .as("%s", refusal)
                  .isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(status.getDescription()).as("%s", refusal).contains(refusal.named());
            });
  }

  @Test
  void aRequestThatDoesNotParseNamesTheMessage() {
    for (var method : LiiklusServiceGrpc.getServiceDescriptor().getMethods()) {
      // Field 1 as a text of 5 bytes of which 1 follows.
      var status = callRaw(method, new byte[] {0x0a, 5, 'x'});

      assertThat(status.getCode())
          .as(method.getFullMethodName())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(status.getDescription()).contains(method.getBareMethodName() + "Request");
    }
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    var status = callRaw(LiiklusServiceGrpc.getPublishMethod(), new byte[] {0x0a, 1, (byte) 0xff});

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("PublishRequest", "UTF-8");
  }

  @Test
  void aRecordOverTheLimitTellsBothSizes() {
    var topic = backend.newTopic();
    var request =
        PublishRequest.newBuilder().setTopic(topic).setValue(bytes("x".repeat(1_200_000))).build();

    var status = GatewayClient.statusOf(() -> client.stub().publish(request));

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("1200").contains("1048576");
  }

  private Status call(Message request) {
    if (request instanceof SubscribeRequest subscribe) {
      return client.subscribe(subscribe).status();
    }
    if (request instanceof ReceiveRequest receive) {
      return client.receive(receive).status();
    }
    return GatewayClient.statusOf(
        () -> {
          if (request instanceof PublishRequest publish) {
            client.stub().publish(publish);
          } else if (request instanceof AckRequest ack) {
            client.stub().ack(ack);
          } else if (request instanceof GetOffsetsRequest offsets) {
            client.stub().getOffsets(offsets);
          } else {
            client.stub().getEndOffsets((GetEndOffsetsRequest) request);
          }
        });
  }

  private <Q, R> Status callRaw(MethodDescriptor<Q, R> method, byte[] request) {
    var raw = method.toBuilder(new RawMarshaller(), method.getResponseMarshaller()).build();
    try (var stream = GatewayStream.open(client.channel(), raw, request)) {
      stream.request(1);
      return stream.status();
    }
  }

  private static final class RawMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  private static PublishRequest.Builder publish() {
    return PublishRequest.newBuilder().setTopic("topic");
  }

  private static LiiklusEvent.Builder event() {
    return LiiklusEvent.newBuilder().setId("id").setType("type").setSource("source");
  }

  private static SubscribeRequest.Builder subscribe() {
    return SubscribeRequest.newBuilder().setTopic("topic").setGroup("group");
  }

  private static Assignment.Builder assignment() {
    return Assignment.newBuilder().setSessionId("session");
  }

  private static ReceiveRequest.Builder receive() {
    return ReceiveRequest.newBuilder().setAssignment(assignment());
  }

  private static AckRequest.Builder ack() {
    return AckRequest.newBuilder().setTopic("topic").setGroup("group");
  }
}
