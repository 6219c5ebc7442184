package io.liiklus.server.grpc.codec.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Random;

/** Messages of any type, made by its schema: new fields and messages come by themselves. */
final class RandomMessages {

  private static final int[] INTS = {0, 1, 7, Integer.MAX_VALUE, Integer.MIN_VALUE, -1};
  private static final long[] LONGS = {
    0, 1, 42, Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE, -1, -2
  };

  private RandomMessages() {}

  static Message message(Message prototype, Random random) {
    return fill(prototype.newBuilderForType(), random).build();
  }

  private static Message.Builder fill(Message.Builder message, Random random) {
    for (var field : message.getDescriptorForType().getFields()) {
      if (field.isRepeated()) {
        int count = random.nextInt(random.nextInt(50) == 0 ? 300 : 4);
        for (int i = 0; i < count; i++) {
          message.addRepeatedField(field, value(message, field, random));
        }
      } else if (random.nextInt(3) > 0) {
        message.setField(field, value(message, field, random));
      }
    }
    return message;
  }

  private static Object value(Message.Builder outer, FieldDescriptor field, Random random) {
    return switch (field.getJavaType()) {
      case STRING -> RandomTexts.textOf(field.getName(), random);
      case BYTE_STRING -> bytes(random);
      case INT -> INTS[random.nextInt(INTS.length)];
      case LONG -> LONGS[random.nextInt(LONGS.length)];
      case BOOLEAN -> random.nextInt(6) == 0;
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(4) - 1);
      case MESSAGE -> fill(outer.newBuilderForField(field), random).build();
      case FLOAT, DOUBLE -> throw new IllegalStateException("the protocol has none: " + field);
    };
  }

  static ByteString bytes(Random random) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> ByteString.EMPTY;
      case 3, 4 -> ByteString.copyFromUtf8(RandomTexts.json(random, 1));
      case 5 -> ByteString.copyFromUtf8(RandomTexts.json(random, 3));
      case 6 -> ByteString.copyFromUtf8(RandomTexts.eventJson(random));
      default -> {
        var bytes = new byte[random.nextInt(random.nextInt(50) == 0 ? 20_000 : 40)];
        random.nextBytes(bytes);
        yield ByteString.copyFrom(bytes);
      }
    };
  }
}
