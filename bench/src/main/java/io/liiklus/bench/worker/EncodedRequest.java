package io.liiklus.bench.worker;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Marshaller of requests that are already encoded. Immutable. */
final class EncodedRequest implements MethodDescriptor.Marshaller<byte[]> {

  @Override
  public InputStream stream(byte[] request) {
    return new ByteArrayInputStream(request);
  }

  @Override
  public byte[] parse(InputStream stream) {
    throw new UnsupportedOperationException("requests are written only");
  }
}
