package io.liiklus.server.grpc.codec.event;

import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liiklus.api.Header;
import io.liiklus.server.event.Attributes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Event read from a stored record, in either content mode. The record is read as it is: attributes
 * that an event has to have may be empty or missing. Immutable.
 */
public final class StoredEvent {

  private StoredEvent() {}

  /** Returns whether the record is in structured mode, by its {@code content-type}. */
  public static boolean isStructured(List<Header> headers) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      var header = headers.get(i);
      if (Attributes.isContentType(header.key())) {
        return Attributes.isStructured(text(header));
      }
    }
    return false;
  }

  /** Returns whether a record that is not in structured mode is an event in binary mode. */
  public static boolean isBinary(List<Header> headers) {
    for (int i = 0; i < headers.size(); i++) {
      if (Attributes.SPECVERSION.equals(Attributes.ofHeader(headers.get(i).key()))) {
        return true;
      }
    }
    return false;
  }

  /**
   * The event of a record in structured mode.
   *
   * @param value null where the record has none
   * @throws NotAnEvent where it is none
   */
  public static LiiklusEvent readStructured(ByteBuffer value) {
    if (value == null) {
      throw new NotAnEvent("an event in structured mode without a value");
    }
    return EventJson.read(value);
  }

  /** Sets an attribute that is neither the version nor about the data. */
  public static void set(LiiklusEvent.Builder event, String attribute, String value) {
    switch (attribute) {
      case Attributes.ID -> event.setId(value);
      case Attributes.TYPE -> event.setType(value);
      case Attributes.SOURCE -> event.setSource(value);
      case Attributes.TIME -> event.setTime(value);
      // The message has no field for subject and dataschema: they would be lost otherwise.
      default -> event.putExtensions(attribute, value);
    }
  }

  public static ByteString wrap(ByteBuffer buffer) {
    return UnsafeByteOperations.unsafeWrap(buffer.duplicate());
  }

  /** Decodes a header; bytes that are not UTF-8 become U+FFFD. */
  private static String text(Header header) {
    return header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
