package io.liiklus.server.grpc.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Parses requests and hands those that do not parse on, so that the call can be answered by its own
 * rules. Thread-safe.
 */
public final class RequestMarshaller<T extends Message>
    implements MethodDescriptor.Marshaller<Request<T>> {

  private final Parser<T> parser;
  private final String name;

  public RequestMarshaller(T prototype) {
    @SuppressWarnings("unchecked") // A message's parser parses messages of its type.
    var ofType = (Parser<T>) prototype.getParserForType();
    this.parser = ofType;
    this.name = prototype.getDescriptorForType().getName();
  }

  @Override
  public Request<T> parse(InputStream stream) {
    try {
      // An array of its own, which the message's bytes may point into: they are copied no more.
      var input = CodedInputStream.newInstance(read(stream));
      input.enableAliasing(true);
      var message = parser.parseFrom(input);
      input.checkLastTagWas(0);
      return new Request<>(message, null);
    } catch (InvalidProtocolBufferException invalid) {
      return new Request<>(null, new BadRequest(name + " does not parse: " + invalid.getMessage()));
    } catch (IOException unreadable) {
      // Compressed, and not by the rules of the compression.
      return new Request<>(
          null, new BadRequest(name + " cannot be read: " + unreadable.getMessage()));
    } catch (StatusRuntimeException refused) {
      // A compressed request that grows over the limit.
      return new Request<>(null, refused);
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
