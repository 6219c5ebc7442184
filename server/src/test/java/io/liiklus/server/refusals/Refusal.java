package io.liiklus.server.refusals;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import io.grpc.Status;
import java.util.List;

/**
 * A request that is refused, and what its answer tells. Immutable.
 *
 * @param call the method's short name
 * @param what is wrong with it
 * @param told what the text of the status holds
 */
record Refusal(String call, String what, ByteString request, Status.Code code, List<String> told) {

  static Refusal of(String call, String what, ByteString request, String... told) {
    return new Refusal(call, what, request, Status.Code.INVALID_ARGUMENT, List.of(told));
  }

  /** The call is the one that takes such a message. */
  static Refusal of(String what, MessageOrBuilder request, String... told) {
    var message = request instanceof Message.Builder builder ? builder.build() : (Message) request;
    var name = message.getDescriptorForType().getName();
    var call = name.substring(0, name.length() - "Request".length());
    return of(call, what, message.toByteString(), told);
  }

  Refusal with(Status.Code code) {
    return new Refusal(call, what, request, code, told);
  }

  @Override
  public String toString() {
    return call + ": " + what;
  }
}
