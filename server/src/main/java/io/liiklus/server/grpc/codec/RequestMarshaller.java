package io.liiklus.server.grpc.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

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
      var input = CodedInputStream.newInstance(stream.readAllBytes());
      input.enableAliasing(true);
      var message = parser.parseFrom(input);
      input.checkLastTagWas(0);
      return new Request<>(message, null);
    } catch (InvalidProtocolBufferException invalid) {
      return new Request<>(null, new BadRequest(name + " does not parse: " + invalid.getMessage()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public InputStream stream(Request<T> request) {
    throw new UnsupportedOperationException("a server sends no requests");
  }
}
