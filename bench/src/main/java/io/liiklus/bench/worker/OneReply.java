package io.liiklus.bench.worker;

import io.grpc.MethodDescriptor;
import java.io.InputStream;

/** Unmarshals a reply that counts one, whatever is in it. Immutable. */
final class OneReply implements MethodDescriptor.Marshaller<Integer> {

  @Override
  public InputStream stream(Integer count) {
    throw new UnsupportedOperationException("replies are read only");
  }

  @Override
  public Integer parse(InputStream reply) {
    return 1;
  }
}
