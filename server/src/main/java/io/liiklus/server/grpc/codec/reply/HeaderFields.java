package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.reply.EncodedReply.bytesTag;
import static io.liiklus.server.grpc.codec.reply.EncodedReply.varintBytes;

import com.github.bsideup.liiklus.protocol.ReceiveReply;
import io.liiklus.api.Header;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Headers of one record as fields of its reply. Confined to its {@link ReplyEncoder}, which uses it
 * again and again.
 */
final class HeaderFields {

  private static final int TAG = bytesTag(ReceiveReply.Record.HEADERS_FIELD_NUMBER);
  private static final int KEY_TAG =
      bytesTag(com.github.bsideup.liiklus.protocol.Header.KEY_FIELD_NUMBER);
  private static final int VALUE_TAG =
      bytesTag(com.github.bsideup.liiklus.protocol.Header.VALUE_FIELD_NUMBER);
  private static final byte[] NONE = {};

  /** Initial room for headers, and the most room that is kept. */
  private static final int FIRST_ROOM = 8;

  private static final int MOST_KEPT_ROOM = 64;

  private byte[][] keys = new byte[FIRST_ROOM][];
  private byte[][] values = new byte[FIRST_ROOM][];
  private int count;
  private int size;

  void clear() {
    // The rest of the record before is small, and overwritten soon.
    count = 0;
    size = 0;
  }

  /** Lets go of room that is seldom needed. */
  void forget() {
    if (keys.length > MOST_KEPT_ROOM) {
      keys = new byte[FIRST_ROOM][];
      values = new byte[FIRST_ROOM][];
      clear();
    }
  }

  void addAll(List<Header> headers) {
    for (int i = 0; i < headers.size(); i++) {
      add(headers.get(i));
    }
  }

  void add(Header header) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    keys[count] = header.key().getBytes(StandardCharsets.UTF_8);
    values[count] = header.value() == null ? NONE : header.value();
    int fields = fieldsSize(count);
    size += 1 + varintBytes(fields) + fields;
    count++;
  }

  /** Size of all headers, with tags and lengths. */
  int size() {
    return size;
  }

  void writeTo(EncodedReply reply) {
    for (int i = 0; i < count; i++) {
      reply.varint(TAG);
      reply.varint(fieldsSize(i));
      write(reply, KEY_TAG, keys[i]);
      write(reply, VALUE_TAG, values[i]);
    }
  }

  private int fieldsSize(int index) {
    return size(keys[index]) + size(values[index]);
  }

  private static int size(byte[] field) {
    return field.length == 0 ? 0 : 1 + varintBytes(field.length) + field.length;
  }

  private static void write(EncodedReply reply, int tag, byte[] field) {
    if (field.length > 0) {
      reply.varint(tag);
      reply.varint(field.length);
      reply.bytes(field);
    }
  }
}
