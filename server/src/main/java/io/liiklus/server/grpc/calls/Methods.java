package io.liiklus.server.grpc.calls;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.reply.ReplyMarshaller;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.codec.request.RequestMarshaller;
import io.liiklus.server.runtime.EventLoops;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Binding of the service's methods to the calls that serve them. The generated binding is not used:
 * it would answer a request that does not parse with {@code UNKNOWN} and a stack trace in the log.
 * Immutable.
 */
final class Methods {

  private Methods() {}

  /** A method with our marshaller for its requests, and its handler. */
  private record Bound<Q extends Message, A>(
      MethodDescriptor<Request<Q>, A> method, ServerCallHandler<Request<Q>, A> handler) {

    void addTo(ServerServiceDefinition.Builder definition) {
      definition.addMethod(method, handler);
    }
  }

  static ServerServiceDefinition bind(
      LiiklusService service,
      StreamContext context,
      EventLoops loops,
      OpenCalls openCalls,
      CallTimings timings) {
    var unary = new UnaryBinding(loops, openCalls);
    var methods =
        List.of(
            unary.bind(
                withOurRequests(LiiklusServiceGrpc.getPublishMethod(), service.rules().requests()),
                timings.publish(),
                service::publish),
            unary.bind(
                ours(
                    LiiklusServiceGrpc.getPublishBatchMethod(),
                    service.rules().batchRequests(),
                    new ReplyMarshaller()),
                timings.publish(),
                service::publishBatch),
            unary.bind(
                withOurRequests(LiiklusServiceGrpc.getAckMethod()),
                timings.ack(),
                parsed(service::ack)),
            unary.bind(
                withOurRequests(LiiklusServiceGrpc.getGetOffsetsMethod()),
                timings.readPositions(),
                parsed(service::offsets)),
            unary.bind(
                withOurRequests(LiiklusServiceGrpc.getGetEndOffsetsMethod()),
                timings.readRecords(),
                parsed(service::endOffsets)),
            streaming(
                ours(
                    LiiklusServiceGrpc.getPublishStreamMethod(),
                    service.rules().batchRequests(),
                    new ReplyMarshaller()),
                call -> {
                  call.setOnReadyThreshold(context.readyThresholdBytes());
                  return new PublishStreamCall(
                      call, loops.current(), openCalls, timings.publish(), service);
                }),
            streaming(
                withOurRequests(LiiklusServiceGrpc.getSubscribeMethod()),
                call -> new SubscribeCall(call, loops.current(), context)),
            streaming(
                withOurReplies(LiiklusServiceGrpc.getReceiveMethod()),
                call -> new ReceiveCall(call, loops.current(), context)),
            streaming(
                withOurReplies(LiiklusServiceGrpc.getConsumeMethod()),
                call -> new ConsumeCall(call, loops.current(), context)));
    var generated = LiiklusServiceGrpc.getServiceDescriptor();
    var descriptor =
        ServiceDescriptor.newBuilder(generated.getName())
            .setSchemaDescriptor(generated.getSchemaDescriptor());
    methods.forEach(bound -> descriptor.addMethod(bound.method()));
    var definition = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(bound -> bound.addTo(definition));
    return definition.build();
  }

  /** Answers a message. */
  private interface MessageHandler<Q, A> {
    CompletionStage<A> handle(Q message, UnaryCall.Caller caller);
  }

  private static <Q extends Message, A> UnaryCall.Handler<Q, A> parsed(
      MessageHandler<Q, A> handler) {
    return (request, caller) -> handler.handle(request.messageOrThrow(), caller);
  }

  private record UnaryBinding(EventLoops loops, OpenCalls openCalls) {

    private <Q extends Message, A> Bound<Q, A> bind(
        MethodDescriptor<Request<Q>, A> method,
        UnaryCall.Timing timing,
        UnaryCall.Handler<Q, A> handler) {
      return new Bound<>(
          method,
          (call, headers) -> new UnaryCall<>(call, loops.current(), openCalls, timing, handler));
    }
  }

  private static <Q extends Message, A> Bound<Q, A> streaming(
      MethodDescriptor<Request<Q>, A> method,
      Function<ServerCall<Request<Q>, A>, ServerCall.Listener<Request<Q>>> opener) {
    return new Bound<>(method, (call, headers) -> opener.apply(call));
  }

  private static <Q extends Message, A> MethodDescriptor<Request<Q>, A> withOurRequests(
      MethodDescriptor<Q, A> generated) {
    return withOurRequests(generated, marshaller(generated));
  }

  private static <Q extends Message, A> MethodDescriptor<Request<Q>, A> withOurRequests(
      MethodDescriptor<Q, A> generated, RequestMarshaller<Q> requests) {
    return ours(generated, requests, generated.getResponseMarshaller());
  }

  private static <Q extends Message> MethodDescriptor<Request<Q>, EncodedReply> withOurReplies(
      MethodDescriptor<Q, ?> generated) {
    return ours(generated, marshaller(generated), new ReplyMarshaller());
  }

  private static <Q extends Message> RequestMarshaller<Q> marshaller(
      MethodDescriptor<Q, ?> generated) {
    var prototyped = (MethodDescriptor.PrototypeMarshaller<Q>) generated.getRequestMarshaller();
    return new RequestMarshaller<>(prototyped.getMessagePrototype());
  }

  private static <Q extends Message, A> MethodDescriptor<Request<Q>, A> ours(
      MethodDescriptor<Q, ?> generated,
      RequestMarshaller<Q> requests,
      MethodDescriptor.Marshaller<A> replies) {
    return generated.toBuilder(requests, replies)
        .setType(withManyRequests(generated.getType()))
        .build();
  }

  /**
   * The type that lets a call have many requests: with one, gRPC itself would cut off a call that
   * has two, and not say why.
   */
  private static MethodDescriptor.MethodType withManyRequests(MethodDescriptor.MethodType type) {
    return type.serverSendsOneMessage()
        ? MethodDescriptor.MethodType.CLIENT_STREAMING
        : MethodDescriptor.MethodType.BIDI_STREAMING;
  }
}
