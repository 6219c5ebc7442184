package io.liiklus.server.grpc.codec.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.liiklus.server.grpc.codec.status.BadRequest;
import io.liiklus.server.grpc.codec.status.Statuses;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class RequestMarshallerTest {

  private static final PublishBounds BOUNDS = bounds(1_000_000);

  private static final PublishRequest REQUEST =
      PublishRequest.newBuilder()
          .setTopic("topic")
          .setKey(ByteString.copyFromUtf8("key"))
          .setValue(ByteString.copyFrom(new byte[100_000]))
          .addHeaders(Header.newBuilder().setKey("a").setValue(ByteString.copyFromUtf8("1")))
          .addHeaders(Header.newBuilder().setKey("\u00e4"))
          .setTombstone(true)
          .setLiiklusEvent(
              LiiklusEvent.newBuilder()
                  .setId("id \ud83d\ude42")
                  .setType("type")
                  .setSource("source")
                  .setTime("time")
                  .setDataContentType("text/plain")
                  .setData(ByteString.copyFrom(new byte[50_000]))
                  .putExtensions("a", "1")
                  .putExtensions("b", ""))
          .build();

  @Test
  void message_isParsedHoweverItCame() {
    var bytes = REQUEST.toByteArray();

    assertThat(parse(TransportStream.of(bytes, bytes.length))).isEqualTo(REQUEST);
    assertThat(parse(TransportStream.of(bytes, 1_000))).isEqualTo(REQUEST);
    // In more pieces than are looked at one by one.
    assertThat(parse(TransportStream.of(bytes, 20))).isEqualTo(REQUEST);
    assertThat(parse(new ByteArrayInputStream(bytes))).isEqualTo(REQUEST);
    assertThat(parse(TransportStream.of(new byte[0], 1)))
        .isEqualTo(PublishRequest.getDefaultInstance());
  }

  @Test
  void message_keepsNothingInTheTransportsMemory() {
    var bytes = REQUEST.toByteArray();
    for (int chunk : new int[] {bytes.length, 10_000, 7}) {
      var stream = TransportStream.of(bytes, chunk);

      var message = marshaller().parse(stream).messageOrThrow();

      assertThat(stream.isClosed()).isTrue();
      assertThat(message).as("chunks of %d", chunk).isEqualTo(REQUEST);
    }
  }

  @Test
  void unknownField_isPassedOver() {
    assertThat(request(new byte[] {(byte) 0xf8, 0x7f, 1, 0x0a, 1, 't'}).messageOrThrow().getTopic())
        .isEqualTo("t");
  }

  @Test
  void truncatedMessage_isRefused() {
    refuses(new byte[] {0x0a, 5, 'x'}, "ended unexpectedly");
  }

  @Test
  void textOtherThanUtf8_isRefused() {
    refuses(new byte[] {0x0a, 1, (byte) 0xff}, "UTF-8");
  }

  @Test
  void invalidTag_isRefused() {
    refuses(new byte[] {0}, "invalid tag");
    refuses(new byte[] {0x0c}, "end-group tag");
    refuses(new byte[] {0x0f}, "wire type");
  }

  @Test
  void unfinishedNumber_isRefused() {
    refuses(new byte[] {0x0a, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, "varint");
  }

  @Test
  void tooDeeplyNestedGroups_areRefusedAndCostNoStack() {
    var groups = new byte[1_000_000];
    Arrays.fill(groups, (byte) 0x4b);

    refuses(groups, "nesting");
  }

  @Test
  void message_isNamedByItsOwnName() {
    var marshaller = RequestMarshaller.ofPublishBatch(BOUNDS);

    var request = marshaller.parse(new ByteArrayInputStream(new byte[] {0x0a, 2, 0x0a, 9}));

    assertThat(Requests.problem(request))
        .hasMessageStartingWith("PublishBatchRequest does not parse: ");
  }

  @Test
  void batchOverTheBound_isRefusedHoweverItCame() {
    var marshaller = RequestMarshaller.ofPublishBatch(bounds(10));
    var bytes =
        PublishBatchRequest.newBuilder()
            .addRequests(PublishRequest.newBuilder().setTopic("topic").setTombstone(true))
            .build()
            .toByteArray();
    assertThat(bytes).hasSize(11);

    for (var stream : List.of(TransportStream.of(bytes, 11), new ByteArrayInputStream(bytes))) {
      var request = marshaller.parse(stream);

      assertThat(Requests.problem(request))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("requests: a batch of 11 bytes")
          .hasMessageContaining("at most 10 (publish.maxBatchBytes)");
    }
    var larger = RequestMarshaller.ofPublishBatch(bounds(11));
    assertThat(Requests.problem(larger.parse(TransportStream.of(bytes, 11)))).isNull();
  }

  @Test
  void undecompressableBytes_areRefused() {
    var request = marshaller().parse(failing(new ZipException("Not in GZIP format")));

    assertThat(Requests.problem(request))
        .isInstanceOf(BadRequest.class)
        .hasMessage("PublishRequest cannot be read: Not in GZIP format");
  }

  @Test
  void missingBytes_areRefused() {
    var request = marshaller().parse(TransportStream.promising(7, new byte[] {0x0a, 5}));

    assertThat(Requests.problem(request))
        .isInstanceOf(BadRequest.class)
        .hasMessage("PublishRequest cannot be read: 2 of 7 bytes came");
  }

  @Test
  void refusalOfGrpcForGrownMessages_isKept() {
    var refusal = Status.RESOURCE_EXHAUSTED.withDescription("too large").asRuntimeException();

    var request = marshaller().parse(failing(refusal));

    assertThatThrownBy(request::messageOrThrow).isSameAs(refusal);
    assertThat(Statuses.of(Requests.problem(request)).getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void garbage_isAMessageOrRefused() {
    var random = new Random(20261123);
    for (int round = 0; round < 20_000; round++) {
      var bytes = new byte[random.nextInt(30)];
      random.nextBytes(bytes);
      var whole = request(bytes);
      var inPieces = marshaller().parse(TransportStream.of(bytes, 1 + random.nextInt(8)));
      var byProtobuf = byProtobuf(bytes);
      assertThat(Requests.message(whole) == null).isNotEqualTo(Requests.problem(whole) == null);
      assertThat(Requests.message(whole)).isEqualTo(byProtobuf);
      assertThat(Requests.message(inPieces)).isEqualTo(byProtobuf);
    }
  }

  @Test
  void nearRequest_isReadAsProtobufReadsIt() {
    var original = REQUEST.toBuilder().setValue(ByteString.copyFromUtf8("value")).build();
    var event = original.getLiiklusEvent().toBuilder().setData(ByteString.copyFromUtf8("data"));
    var bytes = original.toBuilder().setLiiklusEvent(event).build().toByteArray();
    var random = new Random(20261124);
    for (int round = 0; round < 10_000; round++) {
      var changed = Arrays.copyOf(bytes, bytes.length - random.nextInt(2) * random.nextInt(20));
      for (int changes = random.nextInt(3); changes >= 0; changes--) {
        changed[random.nextInt(changed.length)] += (byte) (1 + random.nextInt(255));
      }

      var inPlace = marshaller().parse(TransportStream.of(changed, changed.length));
      var inflated = marshaller().parse(new ByteArrayInputStream(changed));

      assertThat(Requests.message(inPlace)).isEqualTo(byProtobuf(changed));
      assertThat(Requests.message(inflated)).isEqualTo(Requests.message(inPlace));
      assertThat(problem(inflated)).isEqualTo(problem(inPlace));
    }
  }

  /** Null where it does not parse. */
  private static PublishRequest byProtobuf(byte[] bytes) {
    try {
      return DiscardUnknownFieldsParser.wrap(PublishRequest.parser()).parseFrom(bytes);
    } catch (InvalidProtocolBufferException invalid) {
      return null;
    }
  }

  private static String problem(Request<?> request) {
    return Requests.problem(request) == null ? null : Requests.problem(request).getMessage();
  }

  private static InputStream failing(Exception failure) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        if (failure instanceof IOException unreadable) {
          throw unreadable;
        }
        throw (RuntimeException) failure;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return read();
      }
    };
  }

  private static PublishBounds bounds(long maxBatchBytes) {
    return new PublishBounds(1_000, 1_000, maxBatchBytes);
  }

  private static RequestMarshaller<PublishRequest> marshaller() {
    return RequestMarshaller.ofPublish(BOUNDS);
  }

  private static Message parse(InputStream stream) {
    return marshaller().parse(stream).messageOrThrow();
  }

  private static Request<PublishRequest> request(byte[] bytes) {
    return marshaller().parse(TransportStream.of(bytes, Math.max(1, bytes.length)));
  }

  private static void refuses(byte[] bytes, String reason) {
    int third = (bytes.length + 2) / 3;
    refuses(marshaller().parse(TransportStream.of(bytes, bytes.length)), reason);
    refuses(marshaller().parse(TransportStream.of(bytes, third)), reason);
    refuses(marshaller().parse(new ByteArrayInputStream(bytes)), reason);
  }

  private static void refuses(Request<PublishRequest> request, String reason) {
    assertThatThrownBy(request::messageOrThrow)
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("PublishRequest does not parse: ")
        .hasMessageContaining(reason);
  }
}
