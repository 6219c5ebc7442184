package io.liiklus.server.grpc.codec.request;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Extraction of the array of a field of bytes: the parser of the request made it for this field
 * alone, and nobody else uses it. Bytes that do not fill an array are copied. Confined to one
 * field.
 */
final class FieldBytes extends ByteOutput {

  private static final byte[] NONE = {};

  private byte[] bytes;
  private int length;

  private FieldBytes() {}

  /** An array of the field's size. */
  static byte[] take(ByteString field) {
    if (field.isEmpty()) {
      return NONE;
    }
    var output = new FieldBytes();
    try {
      UnsafeByteOperations.unsafeWriteTo(field, output);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return output.length == field.size() ? output.bytes : field.toByteArray();
  }

  /** Only an array that is full, and all of the field, is kept. */
  @Override
  public void writeLazy(byte[] value, int offset, int size) {
    if (offset == 0 && size == value.length) {
      bytes = value;
      length = size;
    }
  }

  @Override
  public void write(byte[] value, int offset, int size) {
    // May be the writer's own: not to be kept.
  }

  @Override
  public void write(byte value) {
    // A piece, and no array.
  }

  @Override
  public void write(ByteBuffer value) {
    // Not an array of its own.
  }

  @Override
  public void writeLazy(ByteBuffer value) {
    // Not an array of its own.
  }
}
