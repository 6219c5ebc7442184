package io.liiklus.server.refusals;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;

/** Bytes that are no message, for every call: those of new calls and fields come by themselves. */
final class WireRefusals {

  private static final int FIELD_OF_NONE = 999;
  private static final int WIRE_BYTES = 2;
  private static final ByteString NOT_UTF8 =
      ByteString.copyFrom(new byte[] {'a', (byte) 0xc0, (byte) 0x80});

  private WireRefusals() {}

  static Stream<Refusal> all() {
    return LiiklusServiceGrpc.getServiceDescriptor().getMethods().stream()
        .flatMap(method -> Stream.concat(noMessages(method), badTexts(method)));
  }

  private static Stream<Refusal> noMessages(MethodDescriptor<?, ?> method) {
    var groups = new byte[1_000_000];
    Arrays.fill(groups, (byte) 0x4b);
    return Stream.of(
        refusal(method, "a text that is cut off", "ended unexpectedly", 0x0a, 5, 'x'),
        refusal(method, "a tag that is cut off", "ended unexpectedly", 0x80),
        refusal(method, "field 0", "invalid tag", 0),
        refusal(method, "wire type 7", "wire type", 0x0f),
        refusal(method, "the end of a group that never began", "end-group tag", 0x0c),
        refusal(method, "a group that does not end", "end-group tag", 0x4b),
        refusal(method, "a length below 0", "negative size", 0x0a, -1, -1, -1, -1, 0x0f),
        refusal(method, "a length of 1 GiB", "ended unexpectedly", 0x0a, -1, -1, -1, -1, 3),
        refusal(method, "a length of 2 GiB", "", 0x0a, -1, -1, -1, -1, 7),
        refusal(
            method,
            "a varint of 11 bytes",
            "varint",
            0x0a,
            -1,
            -1,
            -1,
            -1,
            -1,
            -1,
            -1,
            -1,
            -1,
            -1,
            1),
        Refusal.of(
            method.getBareMethodName(),
            "a million groups",
            ByteString.copyFrom(groups),
            message(method),
            "nesting"));
  }

  private static Refusal refusal(
      MethodDescriptor<?, ?> method, String what, String reason, int... bytes) {
    var request = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      request[i] = (byte) bytes[i];
    }
    return Refusal.of(
        method.getBareMethodName(),
        what,
        ByteString.copyFrom(request),
        message(method) + " does not parse: ",
        reason);
  }

  private static Stream<Refusal> badTexts(MethodDescriptor<?, ?> method) {
    return badTexts(type(method))
        .map(
            text ->
                Refusal.of(
                    method.getBareMethodName(),
                    text.name() + " that is not UTF-8",
                    text.bytes(),
                    message(method) + " does not parse: ",
                    "UTF-8"));
  }

  private record BadText(String name, ByteString bytes) {

    BadText in(FieldDescriptor outer) {
      return new BadText(outer.getName() + "." + name, field(outer.getNumber(), bytes));
    }
  }

  /** One message for each text in it, however deep. */
  private static Stream<BadText> badTexts(Descriptor type) {
    return type.getFields().stream()
        .flatMap(
            field ->
                switch (field.getJavaType()) {
                  case STRING ->
                      Stream.of(new BadText(field.getName(), field(field.getNumber(), NOT_UTF8)));
                  case MESSAGE -> badTexts(field.getMessageType()).map(text -> text.in(field));
                  default -> Stream.empty();
                });
  }

  /** These bytes as a field, between two that nobody knows. */
  private static ByteString field(int number, ByteString bytes) {
    var out = ByteString.newOutput();
    var coded = CodedOutputStream.newInstance(out);
    try {
      coded.writeUInt64(FIELD_OF_NONE, -1);
      coded.writeTag(number, WIRE_BYTES);
      coded.writeBytesNoTag(bytes);
      coded.writeFixed32(FIELD_OF_NONE, 7);
      coded.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteString();
  }

  private static String message(MethodDescriptor<?, ?> method) {
    return type(method).getName();
  }

  private static Descriptor type(MethodDescriptor<?, ?> method) {
    var described = (ProtoMethodDescriptorSupplier) method.getSchemaDescriptor();
    return described.getMethodDescriptor().getInputType();
  }
}
