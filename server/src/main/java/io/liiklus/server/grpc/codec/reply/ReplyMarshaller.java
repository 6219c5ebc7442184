package io.liiklus.server.grpc.codec.reply;

import io.grpc.MethodDescriptor;
import java.io.InputStream;

/** Marshaller of replies that are already encoded. Immutable. */
public final class ReplyMarshaller implements MethodDescriptor.Marshaller<EncodedReply> {

  @Override
  public InputStream stream(EncodedReply reply) {
    return reply;
  }

  @Override
  public EncodedReply parse(InputStream stream) {
    throw new UnsupportedOperationException("a server gets no replies");
  }
}
