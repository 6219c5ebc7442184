package io.liiklus.bench.worker;

import io.grpc.MethodDescriptor;
import java.io.InputStream;

/** Unmarshaller of replies that count one each, whatever their contents. Immutable. */
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
