package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.MethodDescriptor;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tools that ask the gateway for its calls, by the reflection of today and by the older one. */
class ReflectionIT {

  private static final String SERVICE = "com.github.bsideup.liiklus.LiiklusService";

  private final GatewayClient client = new GatewayClient(Backend.MEMORY.gateway().port());

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void reflectionV1_listsTheService() throws Exception {
    var method = io.grpc.reflection.v1.ServerReflectionGrpc.getServerReflectionInfoMethod();
    var request = io.grpc.reflection.v1.ServerReflectionRequest.newBuilder();

    var services = ask(method, request.setListServices("").build()).getListServicesResponse();
    assertThat(services.getServiceList()).anyMatch(known -> known.getName().equals(SERVICE));
    var file = ask(method, request.setFileContainingSymbol(SERVICE).build());
    requireService(file.getFileDescriptorResponse().getFileDescriptorProtoList());
  }

  @Test
  void reflectionV1alpha_listsTheService() throws Exception {
    var method = io.grpc.reflection.v1alpha.ServerReflectionGrpc.getServerReflectionInfoMethod();
    var request = io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder();

    var services = ask(method, request.setListServices("").build()).getListServicesResponse();
    assertThat(services.getServiceList()).anyMatch(known -> known.getName().equals(SERVICE));
    var file = ask(method, request.setFileContainingSymbol(SERVICE).build());
    requireService(file.getFileDescriptorResponse().getFileDescriptorProtoList());
  }

  private <Q, R> R ask(MethodDescriptor<Q, R> method, Q request) {
    try (var answers = GatewayStream.open(client.channel(), method, request)) {
      answers.request(1);
      return answers.next();
    }
  }

  private static void requireService(List<ByteString> files) throws InvalidProtocolBufferException {
    var file = FileDescriptorProto.parseFrom(files.get(0));
    assertThat(file.getServiceList()).anyMatch(known -> known.getName().equals("LiiklusService"));
  }
}
