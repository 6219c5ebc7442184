package io.liiklus.server.grpc.codec.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.liiklus.server.grpc.codec.request.RequestMarshaller;
import io.liiklus.server.grpc.codec.status.BadRequest;
import java.io.ByteArrayInputStream;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Bytes of a request: parsed as the port parses them, then read as its call reads them. Immutable.
 *
 * @param reader throws {@link BadRequest} where the message breaks the contract, and nothing else
 */
record RequestTarget<Q extends Message>(
    Q prototype, RequestMarshaller<Q> marshaller, Consumer<Q> reader) implements FuzzTarget {

  /** A small request, without repeated parts. */
  RequestTarget(Q prototype, Consumer<Q> reader) {
    this(prototype, new RequestMarshaller<>(prototype), reader);
  }

  @Override
  public byte[] input(Random random) {
    return Mutations.mutate(RandomMessages.message(prototype, random).toByteArray(), random);
  }

  @Override
  public void check(byte[] input) {
    var request = marshaller.parse(new KnownLengthStream(input));
    Q message;
    try {
      message = request.messageOrThrow();
    } catch (RuntimeException problem) {
      requireTold(problem, prototype.getDescriptorForType().getName());
      return;
    }
    try {
      reader.accept(message);
    } catch (BadRequest refused) {
      requireTold(refused, ": ");
    }
  }

  private static void requireTold(RuntimeException problem, String told) {
    assertThat(problem).isInstanceOf(BadRequest.class);
    assertThat(problem.getMessage()).contains(told).hasSizeLessThan(1_000);
    assertThat(problem.getMessage().chars().noneMatch(Character::isISOControl)).isTrue();
  }

  @Override
  public String toString() {
    return prototype.getDescriptorForType().getName();
  }

  /** As the transport's streams are. */
  private static final class KnownLengthStream extends ByteArrayInputStream
      implements io.grpc.KnownLength {
    private KnownLengthStream(byte[] bytes) {
      super(bytes);
    }
  }
}
