package io.liiklus.server.grpc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.KnownLength;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class RequestMarshallerTest {

  private static final PublishRequest REQUEST =
      PublishRequest.newBuilder()
          .setTopic("topic")
          .setKey(ByteString.copyFromUtf8("key"))
          .setValue(ByteString.copyFrom(new byte[100_000]))
          .addHeaders(Header.newBuilder().setKey("a"))
          .build();

  /** As the transport's streams are. */
  private static final class KnownStream extends FilterInputStream implements KnownLength {
    private int most = Integer.MAX_VALUE;
    private int missing;

    private KnownStream(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int available() throws IOException {
      return super.available() + missing;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return super.read(target, offset, Math.min(length, most));
    }
  }

  @Test
  void aMessageIsParsedWhetherItsLengthIsKnownOrNot() {
    var inPieces = new KnownStream(REQUEST.toByteArray());
    inPieces.most = 1_000;

    assertThat(parse(new KnownStream(REQUEST.toByteArray()))).isEqualTo(REQUEST);
    assertThat(parse(inPieces)).isEqualTo(REQUEST);
    assertThat(parse(new ByteArrayInputStream(REQUEST.toByteArray()))).isEqualTo(REQUEST);
    assertThat(parse(new KnownStream(new byte[0]))).isEqualTo(PublishRequest.getDefaultInstance());
  }

  @Test
  void anUnknownFieldIsPassedOver() {
    assertThat(request(new byte[] {(byte) 0xf8, 0x7f, 1, 0x0a, 1, 't'}).messageOrThrow().getTopic())
        .isEqualTo("t");
  }

  @Test
  void aTruncatedMessageIsARefusal() {
    refuses(new byte[] {0x0a, 5, 'x'}, "ended unexpectedly");
  }

  @Test
  void textThatIsNotUtf8IsARefusal() {
    refuses(new byte[] {0x0a, 1, (byte) 0xff}, "UTF-8");
  }

  @Test
  void aTagThatIsNoneIsARefusal() {
    refuses(new byte[] {0}, "invalid tag");
    refuses(new byte[] {0x0c}, "end-group tag");
    refuses(new byte[] {0x0f}, "wire type");
  }

  @Test
  void aNumberThatDoesNotEndIsARefusal() {
    refuses(new byte[] {0x0a, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, "varint");
  }

  @Test
  void groupsNestedTooDeepAreARefusalAndCostNoStack() {
    var groups = new byte[1_000_000];
    Arrays.fill(groups, (byte) 0x4b);

    refuses(groups, "nesting");
  }

  @Test
  void theMessageIsNamedByItsOwnName() {
    var marshaller = new RequestMarshaller<>(PublishBatchRequest.getDefaultInstance());

    var request = marshaller.parse(new ByteArrayInputStream(new byte[] {0x0a, 2, 0x0a, 9}));

    assertThat(request.problem()).hasMessageStartingWith("PublishBatchRequest does not parse: ");
  }

  @Test
  void bytesThatCannotBeDecompressedAreARefusal() {
    var request = marshaller().parse(failing(new ZipException("Not in GZIP format")));

    assertThat(request.message()).isNull();
    assertThat(request.problem())
        .isInstanceOf(BadRequest.class)
        .hasMessage("PublishRequest cannot be read: Not in GZIP format");
  }

  @Test
  void fewerBytesThanTheTransportPromisedAreARefusal() {
    var stream = new KnownStream(new byte[] {0x0a, 5});
    stream.missing = 5;

    var request = marshaller().parse(stream);

    assertThat(request.problem()).hasMessage("PublishRequest cannot be read: 2 of 7 bytes came");
  }

  @Test
  void gRpcsRefusalOfWhatGrowsTooLargeIsKept() {
    var refusal = Status.RESOURCE_EXHAUSTED.withDescription("too large").asRuntimeException();

    var request = marshaller().parse(failing(refusal));

    assertThatThrownBy(request::messageOrThrow).isSameAs(refusal);
    assertThat(Statuses.of(request.problem()).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void garbageIsAMessageOrARefusalAndNothingElse() {
    var random = new Random(20261123);
    for (int round = 0; round < 20_000; round++) {
      var bytes = new byte[random.nextInt(30)];
      random.nextBytes(bytes);
      var request = request(bytes);
      assertThat(request.message() == null).isNotEqualTo(request.problem() == null);
    }
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

  private static RequestMarshaller<PublishRequest> marshaller() {
    return new RequestMarshaller<>(PublishRequest.getDefaultInstance());
  }

  private static Message parse(InputStream stream) {
    return marshaller().parse(stream).messageOrThrow();
  }

  private static Request<PublishRequest> request(byte[] bytes) {
    return marshaller().parse(new KnownStream(bytes));
  }

  private static void refuses(byte[] bytes, String reason) {
    var request = request(bytes);

    assertThat(request.message()).isNull();
    assertThatThrownBy(request::messageOrThrow)
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("PublishRequest does not parse: ")
        .hasMessageContaining(reason);
  }
}
