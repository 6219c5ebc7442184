package io.liiklus.server.gateway;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Calls over a real channel whose requests are any bytes, and any number of them. Immutable.
 *
 * @param name the method's short name, or one of another service with that service's name
 * @param compressor how the client says that it compresses; null: it does not
 */
public record RawCall(String name, Metadata headers, String compressor, List<byte[]> requests) {

  public static RawCall of(String name, byte[]... requests) {
    return new RawCall(name, new Metadata(), null, List.of(requests));
  }

  public RawCall compressed(String by) {
    return new RawCall(name, headers, by, requests);
  }

  public RawCall withHeader(String key, String value) {
    var more = new Metadata();
    more.merge(headers);
    more.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value);
    return new RawCall(name, more, compressor, requests);
  }

  public GatewayStream<byte[]> open(Channel channel) {
    var options = CallOptions.DEFAULT;
    if (compressor != null) {
      options = options.withCompression(compressor);
    }
    var stream = GatewayStream.open(channel.newCall(method(name), options), headers, requests);
    stream.request(Integer.MAX_VALUE);
    return stream;
  }

  /** All methods of the service by their short names. */
  public static List<String> names() {
    return LiiklusServiceGrpc.getServiceDescriptor().getMethods().stream()
        .map(MethodDescriptor::getBareMethodName)
        .toList();
  }

  /** The method of this name, whose messages are any bytes. */
  static MethodDescriptor<byte[], byte[]> method(String name) {
    var full =
        name.contains("/")
            ? name
            : MethodDescriptor.generateFullMethodName(LiiklusServiceGrpc.SERVICE_NAME, name);
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        // Lets the client send more than one request, or none, whatever the method is.
        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
        .setFullMethodName(full)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
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
}
