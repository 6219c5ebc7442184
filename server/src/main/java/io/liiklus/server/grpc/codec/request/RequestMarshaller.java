package io.liiklus.server.grpc.codec.request;

import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.Detachable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.liiklus.server.grpc.codec.request.WireReader.NotPlain;
import io.liiklus.server.grpc.codec.status.BadRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Parser of requests, which passes on those that do not parse, so that the call answers them by its
 * own rules. The memory of a request is bounded before it is parsed; unknown fields are dropped,
 * since protobuf makes several objects of two bytes of them. Thread-safe.
 */
public final class RequestMarshaller<T extends Message>
    implements MethodDescriptor.Marshaller<Request<T>> {

  /** Parses a publish where it lies. */
  private interface InPlace<T> {
    T parse(WireReader in, PublishBounds bounds) throws NotPlain;
  }

  /** A request of fewer bytes may be parsed by protobuf as it is, whatever its contents. */
  private static final int LEAST_SCANNED = 16 * 1024;

  private final Parser<T> parser;

  /** Null, as the next, where the request is no publish. */
  private final InPlace<T> inPlace;

  private final PublishBounds bounds;
  private final Descriptor type;

  /** For small requests without repeated parts, which are copied as a whole. */
  public RequestMarshaller(T prototype) {
    this(prototype, null, null);
  }

  public static RequestMarshaller<PublishRequest> ofPublish(PublishBounds bounds) {
    return new RequestMarshaller<>(
        PublishRequest.getDefaultInstance(), PublishParser::request, bounds);
  }

  /** For batches; one with too many bytes or records is refused as a whole, and not parsed. */
  public static RequestMarshaller<PublishBatchRequest> ofPublishBatch(PublishBounds bounds) {
    return new RequestMarshaller<>(
        PublishBatchRequest.getDefaultInstance(), PublishParser::batch, bounds);
  }

  private RequestMarshaller(T prototype, InPlace<T> inPlace, PublishBounds bounds) {
    this.inPlace = inPlace;
    this.bounds = bounds;
    @SuppressWarnings("unchecked") // A message's parser parses messages of its type.
    var ofType = (Parser<T>) prototype.getParserForType();
    this.parser = DiscardUnknownFieldsParser.wrap(ofType);
    this.type = prototype.getDescriptorForType();
  }

  /** Leaves a publish unparsed: until its turn comes it costs no more than its bytes. */
  @Override
  public Request<T> parse(InputStream stream) {
    try {
      if (inPlace == null) {
        return Request.of(checked(() -> parseSmall(read(stream))));
      }
      if (stream instanceof KnownLength && stream instanceof Detachable transport) {
        requireBytes(stream.available());
        var detached = transport.detach();
        return Request.unparsed(() -> checked(() -> parsePublish(detached)), detached);
      }
      var bytes = checked(() -> read(stream));
      requireBytes(bytes.length);
      return Request.unparsed(() -> checked(() -> parsePublish(bytes)), () -> {});
    } catch (BadRequest | StatusRuntimeException refused) {
      // Over our bound, or a compressed request that grows over the transport's.
      return Request.refused(refused);
    } catch (IOException impossible) {
      throw new IllegalStateException("the length of a message is not known", impossible);
    }
  }

  /** Reads or parses bytes of a client. */
  private interface Reading<R> {
    R read() throws IOException;
  }

  private <R> R checked(Reading<R> reading) {
    try {
      return reading.read();
    } catch (InvalidProtocolBufferException invalid) {
      throw new BadRequest(type.getName() + " does not parse: " + invalid.getMessage());
    } catch (IOException unreadable) {
      // Compressed, and not by the rules of the compression.
      throw new BadRequest(type.getName() + " cannot be read: " + unreadable.getMessage());
    }
  }

  private T parseSmall(byte[] bytes) throws IOException {
    if (bytes.length >= LEAST_SCANNED) {
      new RequestScan(bytes, null).run(type);
    }
    return byProtobuf(bytes);
  }

  private T parsePublish(InputStream stream) throws IOException {
    var lent = WireReader.of(stream);
    var plain = lent == null ? null : parseInPlace(lent);
    if (plain != null) {
      return plain;
    }
    var bytes = read(stream);
    // What was not plain where it lay is not now either.
    return lent == null ? parsePublish(bytes) : scanAndParse(bytes);
  }

  private T parsePublish(byte[] bytes) throws IOException {
    var plain = parseInPlace(WireReader.of(bytes));
    return plain == null ? scanAndParse(bytes) : plain;
  }

  private T scanAndParse(byte[] bytes) throws IOException {
    new RequestScan(bytes, bounds).run(type);
    return byProtobuf(bytes);
  }

  /** Checks the size of a batch; that of a single publish is bounded by the transport. */
  private void requireBytes(int length) {
    if (type == PublishBatchRequest.getDescriptor()) {
      bounds.requireBytes(length);
    }
  }

  /** Null where that cannot be; a stream is then still at its beginning. */
  private T parseInPlace(WireReader in) {
    try {
      return inPlace.parse(in, bounds);
    } catch (NotPlain unusual) {
      return null;
    }
  }

  private T byProtobuf(byte[] bytes) throws InvalidProtocolBufferException {
    var input = CodedInputStream.newInstance(bytes);
    var message = parser.parseFrom(input);
    input.checkLastTagWas(0);
    return message;
  }

  /** All of it, in one piece where the transport knows how much that is. */
  private static byte[] read(InputStream stream) throws IOException {
    if (!(stream instanceof KnownLength)) {
      return stream.readAllBytes();
    }
    var bytes = new byte[stream.available()];
    int read = stream.readNBytes(bytes, 0, bytes.length);
    if (read < bytes.length) {
      throw new EOFException(read + " of " + bytes.length + " bytes came");
    }
    return bytes;
  }

  @Override
  public InputStream stream(Request<T> request) {
    throw new UnsupportedOperationException("a server sends no requests");
  }
}
