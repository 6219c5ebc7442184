package io.liiklus.server.grpc.codec;

import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.liiklus.server.grpc.codec.WireReader.NotPlain;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Parses requests and hands those that do not parse on, so that the call can be answered by its own
 * rules. Thread-safe.
 */
public final class RequestMarshaller<T extends Message>
    implements MethodDescriptor.Marshaller<Request<T>> {

  /** Parses a request where it lies. */
  private interface InPlace<T> {
    T parse(WireReader in) throws NotPlain;
  }

  private final Parser<T> parser;
  private final InPlace<T> inPlace;
  private final long maxBytes;
  private final String name;

  /** For small requests, which are copied as a whole. */
  public RequestMarshaller(T prototype) {
    this(prototype, null, Long.MAX_VALUE);
  }

  /** For requests that may be large. */
  public static RequestMarshaller<PublishRequest> ofPublish() {
    return new RequestMarshaller<>(
        PublishRequest.getDefaultInstance(), PublishParser::request, Long.MAX_VALUE);
  }

  /**
   * For requests that may be large.
   *
   * @param maxBytes one with more is refused, and not parsed
   */
  public static RequestMarshaller<PublishBatchRequest> ofPublishBatch(long maxBytes) {
    return new RequestMarshaller<>(
        PublishBatchRequest.getDefaultInstance(), PublishParser::batch, maxBytes);
  }

  private RequestMarshaller(T prototype, InPlace<T> inPlace, long maxBytes) {
    this.inPlace = inPlace;
    this.maxBytes = maxBytes;
    @SuppressWarnings("unchecked") // A message's parser parses messages of its type.
    var ofType = (Parser<T>) prototype.getParserForType();
    this.parser = ofType;
    this.name = prototype.getDescriptorForType().getName();
  }

  @Override
  public Request<T> parse(InputStream stream) {
    try {
      if (stream instanceof KnownLength) {
        requireBounds(stream.available());
      }
      var plain = parseInPlace(stream);
      if (plain != null) {
        return new Request<>(plain, null);
      }
      var bytes = read(stream);
      requireBounds(bytes.length);
      var input = CodedInputStream.newInstance(bytes);
      var message = parser.parseFrom(input);
      input.checkLastTagWas(0);
      return new Request<>(message, null);
    } catch (InvalidProtocolBufferException invalid) {
      return new Request<>(null, new BadRequest(name + " does not parse: " + invalid.getMessage()));
    } catch (IOException unreadable) {
      // Compressed, and not by the rules of the compression.
      return new Request<>(
          null, new BadRequest(name + " cannot be read: " + unreadable.getMessage()));
    } catch (BadRequest | StatusRuntimeException refused) {
      // Over our bound, or a compressed request that grows over the transport's.
      return new Request<>(null, refused);
    }
  }

  private void requireBounds(int bytes) {
    if (bytes > maxBytes) {
      throw new BadRequest(
          "requests: a batch of %d bytes is not allowed; at most %d (publish.maxBatchBytes)"
              .formatted(bytes, maxBytes));
    }
  }

  /** Null where that cannot be; the stream is then still at its beginning. */
  private T parseInPlace(InputStream stream) throws IOException {
    if (inPlace == null) {
      return null;
    }
    try {
      var reader = WireReader.of(stream);
      return reader == null ? null : inPlace.parse(reader);
    } catch (NotPlain unusual) {
      return null;
    }
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
