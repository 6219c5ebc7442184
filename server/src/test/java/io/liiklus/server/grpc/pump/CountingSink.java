package io.liiklus.server.grpc.pump;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.liiklus.server.grpc.codec.reply.EncodedReply;

/** A transport with room for a number of replies. */
final class CountingSink extends ServerCall<Object, EncodedReply> {
  int room;
  int replies;

  @Override
  public boolean isReady() {
    return room > 0;
  }

  @Override
  public void sendMessage(EncodedReply reply) {
    room--;
    replies++;
  }

  @Override
  public void request(int messages) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sendHeaders(Metadata headers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close(Status status, Metadata trailers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public MethodDescriptor<Object, EncodedReply> getMethodDescriptor() {
    throw new UnsupportedOperationException();
  }
}
