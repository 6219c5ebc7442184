package io.liiklus.server.grpc;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.io.InputStream;
import java.util.ArrayList;

/**
 * Binding of gRPC's own services, health and reflection, which drops unknown fields of a request:
 * protobuf makes several objects of two bytes of them. Immutable.
 */
final class GrpcServices {

  private GrpcServices() {}

  static ServerServiceDefinition bind(BindableService service) {
    var original = service.bindService();
    var methods = new ArrayList<ServerMethodDefinition<?, ?>>();
    for (var method : original.getMethods()) {
      methods.add(withKnownFields(method));
    }
    var descriptor = ServiceDescriptor.newBuilder(original.getServiceDescriptor().getName());
    descriptor.setSchemaDescriptor(original.getServiceDescriptor().getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    var definition = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(definition::addMethod);
    return definition.build();
  }

  // Their requests are all messages of protobuf.
  @SuppressWarnings("unchecked")
  private static <Q, A> ServerMethodDefinition<Q, A> withKnownFields(
      ServerMethodDefinition<Q, A> method) {
    var original = (PrototypeMarshaller<Q>) method.getMethodDescriptor().getRequestMarshaller();
    var prototype = (Message) original.getMessagePrototype();
    var parser = (Parser<Q>) DiscardUnknownFieldsParser.wrap(prototype.getParserForType());
    var descriptor =
        method.getMethodDescriptor().toBuilder(
                new KnownFields<>(original, parser),
                method.getMethodDescriptor().getResponseMarshaller())
            .build();
    return ServerMethodDefinition.create(descriptor, method.getServerCallHandler());
  }

  /** Fails as gRPC's own does. */
  private record KnownFields<Q>(PrototypeMarshaller<Q> original, Parser<Q> parser)
      implements MethodDescriptor.Marshaller<Q> {

    @Override
    public InputStream stream(Q request) {
      return original.stream(request);
    }

    @Override
    public Q parse(InputStream stream) {
      try {
        return parser.parseFrom(stream);
      } catch (InvalidProtocolBufferException invalid) {
        throw Status.INTERNAL
            .withDescription("Invalid protobuf byte sequence")
            .withCause(invalid)
            .asRuntimeException();
      }
    }
  }
}
