package io.liiklus.server.grpc.codec.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.sun.management.ThreadMXBean;
import io.grpc.KnownLength;
import io.liiklus.server.grpc.codec.status.BadRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests of very many very small parts: what they cost in memory, and what is said of them. */
class RequestBoundsTest {

  private static final int MIB = 1024 * 1024;
  private static final int LARGE = 4 * MIB;
  private static final int MOST_HEADERS = 1_000;
  private static final int MOST_RECORDS = 1_000;

  /** What is made of a request up to its bounds, whatever its length. */
  private static final long MOST_MADE = 2 * MIB;

  private static final PublishBounds BOUNDS =
      new PublishBounds(MOST_HEADERS, MOST_RECORDS, 2 * LARGE);
  private static final RequestMarshaller<PublishRequest> SINGLE =
      RequestMarshaller.ofPublish(BOUNDS);
  private static final RequestMarshaller<PublishBatchRequest> BATCH =
      RequestMarshaller.ofPublishBatch(BOUNDS);
  private static final PublishDecoder DECODER = new PublishDecoder(true, MOST_HEADERS);

  private static final String HEADERS =
      "headers: more than 1000 headers are not allowed (publish.maxHeaders)";
  private static final String EXTENSIONS =
      "liiklusEvent.extensions: more than 1000 extensions are not allowed (publish.maxHeaders)";
  private static final String RECORDS =
      "requests: more than 1000 records in a batch are not allowed (publish.maxBatchRecords)";

  /** A field that nobody knows, by which the request is left to protobuf. */
  private static final byte[] UNUSUAL = {(byte) 0xf8, 0x7f, 1};

  private static final byte[] TOPIC = {0x0a, 1, 't'};
  private static final byte[] HEADER = {0x2a, 4, 0x0a, 0, 0x12, 0};
  private static final byte[] EVENT =
      concat(new byte[] {0x0a, 1, 'i'}, new byte[] {0x12, 1, 't'}, new byte[] {0x1a, 1, 's'});

  /** A request, and why it is refused by its marshaller or decoder. */
  private record Large(
      String what, RequestMarshaller<?> marshaller, ByteString bytes, String told) {

    Large(String what, RequestMarshaller<?> marshaller, byte[] bytes, String told) {
      this(what, marshaller, ByteString.copyFrom(bytes), told);
    }

    byte[] array() {
      return bytes.toByteArray();
    }

    @Override
    public String toString() {
      return what;
    }
  }

  static List<Large> large() {
    var headers = concat(TOPIC, repeat(HEADER, LARGE));
    var event = field(0x22, concat(EVENT, extensions(LARGE)));
    var records = repeat(new byte[] {0x0a, 0}, LARGE);
    return List.of(
        new Large("headers", SINGLE, headers, HEADERS),
        new Large(
            "empty headers", SINGLE, concat(TOPIC, repeat(new byte[] {0x2a, 0}, LARGE)), HEADERS),
        new Large("extensions", SINGLE, concat(TOPIC, event), EXTENSIONS),
        new Large("records", BATCH, records, RECORDS),
        new Large(
            "records of two bytes", BATCH, repeat(new byte[] {0x0a, 2, 0x12, 0}, LARGE), RECORDS),
        new Large("headers of a record", BATCH, field(0x0a, headers), HEADERS),
        new Large("extensions of a record", BATCH, field(0x0a, concat(TOPIC, event)), EXTENSIONS));
  }

  @ParameterizedTest
  @MethodSource("large")
  void partsBeyondTheBound_areNotMade(Large request) {
    assertRefused(request, TransportStream.of(request.array(), request.bytes().size()), 0);
    assertRefused(request, TransportStream.of(request.array(), 16_384), 0);
  }

  @ParameterizedTest
  @MethodSource("large")
  void compressedParts_areNotMadeEither(Large request) {
    // gRPC inflates them into no memory of its own: the bytes, and what they are read through.
    assertRefused(request, new ByteArrayInputStream(request.array()), 3L * LARGE);
  }

  @ParameterizedTest
  @MethodSource("large")
  void partsThatProtobufIsToParse_areNotMadeEither(Large request) {
    var first = concat(UNUSUAL, request.array());
    var last = concat(request.array(), UNUSUAL);

    for (var bytes : List.of(first, last)) {
      assertRefused(request, TransportStream.of(bytes, bytes.length), bytes.length);
    }
  }

  private static void assertRefused(Large request, InputStream stream, long bytesRead) {
    long before = allocated();

    assertThatThrownBy(() -> decodeAll(request.marshaller().parse(stream)))
        .isInstanceOf(BadRequest.class)
        .hasMessage(request.told());

    assertThat(allocated() - before).isLessThan(bytesRead + MOST_MADE);
  }

  private static void decodeAll(Request<?> request) {
    var message = request.messageOrThrow();
    if (message instanceof PublishBatchRequest batch) {
      batch.getRequestsList().forEach(DECODER::decode);
    } else {
      DECODER.decode((PublishRequest) message);
    }
  }

  @Test
  void recordWithTooManyHeaders_spoilsNoNeighbour() {
    var good = field(0x0a, TOPIC);
    var bad = field(0x0a, concat(TOPIC, repeat(HEADER, LARGE)));
    var bytes = concat(good, bad, good);

    for (var stream : List.of(TransportStream.of(bytes, 16_384), new ByteArrayInputStream(bytes))) {
      var batch = BATCH.parse(stream).messageOrThrow();

      assertThat(batch.getRequestsList())
          .extracting(PublishRequest::getHeadersCount)
          .containsExactly(0, MOST_HEADERS + 1, 0);
      assertThat(DECODER.decode(batch.getRequests(2)).topic()).isEqualTo("t");
    }
  }

  @Test
  void bounds_areAllowed() {
    var header = new byte[] {0x2a, 3, 0x0a, 1, 'h'};
    var record = concat(TOPIC, repeat(header, MOST_HEADERS * header.length));
    var batch = repeat(field(0x0a, TOPIC), MOST_RECORDS * (TOPIC.length + 2));

    var single = SINGLE.parse(TransportStream.of(record, record.length));
    assertThat(DECODER.decode(single.messageOrThrow()).headers()).hasSize(MOST_HEADERS);
    var unusual = concat(record, UNUSUAL);
    assertThat(SINGLE.parse(TransportStream.of(unusual, unusual.length)).messageOrThrow())
        .isEqualTo(single.messageOrThrow());
    assertThat(BATCH.parse(TransportStream.of(batch, batch.length)).messageOrThrow())
        .returns(MOST_RECORDS, PublishBatchRequest::getRequestsCount);
  }

  @Test
  void partsOfAllRecords_haveABound() {
    var record = field(0x0a, concat(TOPIC, repeat(HEADER, MOST_HEADERS * HEADER.length)));
    var most = repeat(record, 100 * record.length);
    var more = concat(most, record);

    assertThat(Requests.problem(BATCH.parse(TransportStream.of(most, most.length)))).isNull();
    for (var bytes : List.of(more, concat(UNUSUAL, more))) {
      assertThat(Requests.problem(BATCH.parse(TransportStream.of(bytes, bytes.length))))
          .isInstanceOf(BadRequest.class)
          .hasMessage(
              "requests: more than 100000 headers and extensions in a batch are not allowed"
                  + " (publish.maxBatchRecords, publish.maxHeaders)");
    }
  }

  @Test
  void singleRecord_mayHaveAllOfItsOwn() {
    var bounds = new PublishBounds(MOST_HEADERS, 1, LARGE);
    var event = field(0x22, concat(EVENT, extensions(10_000)));
    var bytes = field(0x0a, concat(TOPIC, repeat(HEADER, MOST_HEADERS * HEADER.length), event));

    var batch = RequestMarshaller.ofPublishBatch(bounds);

    assertThat(Requests.problem(batch.parse(TransportStream.of(bytes, bytes.length)))).isNull();
  }

  static Stream<Message> requests() {
    return Stream.of(
        PublishRequest.getDefaultInstance(),
        PublishBatchRequest.getDefaultInstance(),
        SubscribeRequest.getDefaultInstance(),
        ReceiveRequest.getDefaultInstance(),
        AckRequest.getDefaultInstance(),
        GetOffsetsRequest.getDefaultInstance(),
        GetEndOffsetsRequest.getDefaultInstance());
  }

  @ParameterizedTest
  @MethodSource("requests")
  void fieldsThatNobodyKnows_areNotMade(Message prototype) {
    var numbers = repeat(new byte[] {0x78, 1}, LARGE);
    var groups = repeat(new byte[] {0x7b, 0x7c}, LARGE);
    var texts = repeat(new byte[] {0x7a, 0}, LARGE);
    var distinct = new ByteArrayOutputStream();
    for (int number = 1_000; distinct.size() < LARGE; number++) {
      writeNumber(distinct, number << 3);
      distinct.write(1);
    }
    for (var bytes : List.of(numbers, groups, texts, distinct.toByteArray())) {
      for (int tag : new int[] {0, 0x0a, 0x22, 0x2a}) {
        var request = tag == 0 ? bytes : field(tag, bytes);
        long before = allocated();

        var unused = marshaller(prototype).parse(new Known(request));

        // Where it is a text, that is copied.
        assertThat(allocated() - before)
            .as("%s %s", tag, bytes[0])
            .isLessThan(3L * request.length + MOST_MADE);
      }
    }
  }

  private static RequestMarshaller<?> marshaller(Message prototype) {
    if (prototype instanceof PublishRequest) {
      return SINGLE;
    }
    return prototype instanceof PublishBatchRequest ? BATCH : new RequestMarshaller<>(prototype);
  }

  private static byte[] extensions(int bytes) {
    var extensions = new ByteArrayOutputStream();
    for (int i = 100_000; extensions.size() < bytes; i++) {
      var name = "x" + i;
      extensions.writeBytes(new byte[] {(byte) 0xc2, 0x0c, (byte) (2 + name.length()), 0x0a});
      extensions.write(name.length());
      extensions.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    }
    return extensions.toByteArray();
  }

  private static byte[] field(int tag, byte[] bytes) {
    var field = new ByteArrayOutputStream();
    field.write(tag);
    writeNumber(field, bytes.length);
    field.writeBytes(bytes);
    return field.toByteArray();
  }

  private static void writeNumber(ByteArrayOutputStream out, int number) {
    int left = number;
    for (; left > 0x7f; left >>>= 7) {
      out.write((left & 0x7f) | 0x80);
    }
    out.write(left);
  }

  private static byte[] repeat(byte[] part, int bytes) {
    var whole = new byte[bytes / part.length * part.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = part[i % part.length];
    }
    return whole;
  }

  private static byte[] concat(byte[]... parts) {
    var whole = new ByteArrayOutputStream();
    for (var part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  /** As the transport's streams are, where it does not lend its memory. */
  private static final class Known extends ByteArrayInputStream implements KnownLength {
    private Known(byte[] bytes) {
      super(bytes);
    }
  }
}
