package io.liiklus.server.grpc.codec;

import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liiklus.api.Header;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads an event out of a stored record, in either content mode. */
final class StoredEvent {

  private StoredEvent() {}

  /** Whether the record is in structured mode, by its {@code content-type}. */
  static boolean isStructured(List<Header> headers) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      var header = headers.get(i);
      if (Attributes.isContentType(header.key())) {
        return Attributes.isStructured(text(header));
      }
    }
    return false;
  }

  /**
   * Whether a header became part of the event. In structured mode only the type did: the attributes
   * are in the value.
   */
  static boolean isPart(Header header, boolean isStructured) {
    return Attributes.isContentType(header.key())
        || (!isStructured && Attributes.ofHeader(header.key()) != null);
  }

  /**
   * The event of a record.
   *
   * @param value null where the record has none
   * @throws NotAnEvent where it is none
   */
  static LiiklusEvent read(List<Header> headers, ByteBuffer value) {
    if (!isStructured(headers)) {
      return readBinary(headers, value);
    }
    if (value == null) {
      throw new NotAnEvent("an event in structured mode without a value");
    }
    return EventJson.read(value);
  }

  /**
   * The event of a record in binary mode.
   *
   * @throws NotAnEvent where id, type or source are missing
   */
  static LiiklusEvent readBinary(List<Header> headers, ByteBuffer value) {
    var event = LiiklusEvent.newBuilder();
    var dataContentType = "";
    var contentType = "";
    for (int i = 0; i < headers.size(); i++) {
      var header = headers.get(i);
      var attribute = Attributes.ofHeader(header.key());
      if (attribute == null) {
        contentType = Attributes.isContentType(header.key()) ? text(header) : contentType;
        continue;
      }
      var text = text(header);
      switch (attribute) {
        case Attributes.SPECVERSION -> {}
        case Attributes.DATACONTENTTYPE -> dataContentType = text;
        default -> set(event, attribute, text);
      }
    }
    event.setDataContentType(contentType.isEmpty() ? dataContentType : contentType);
    requireEvent(event);
    if (value != null) {
      event.setData(wrap(value));
    }
    return event.build();
  }

  /** Sets an attribute that is neither the version nor about the data. */
  static void set(LiiklusEvent.Builder event, String attribute, String value) {
    switch (attribute) {
      case Attributes.ID -> event.setId(value);
      case Attributes.TYPE -> event.setType(value);
      case Attributes.SOURCE -> event.setSource(value);
      case Attributes.TIME -> event.setTime(value);
      // The message has no field for subject and dataschema: they would be lost otherwise.
      default -> event.putExtensions(attribute, value);
    }
  }

  static void requireEvent(LiiklusEvent.Builder event) {
    if (event.getId().isEmpty()) {
      throw new NotAnEvent("it has no id");
    }
    if (event.getType().isEmpty()) {
      throw new NotAnEvent("it has no type");
    }
    if (event.getSource().isEmpty()) {
      throw new NotAnEvent("it has no source");
    }
  }

  static ByteString wrap(ByteBuffer buffer) {
    return UnsafeByteOperations.unsafeWrap(buffer.duplicate());
  }

  /** What is not UTF-8 becomes U+FFFD. */
  private static String text(Header header) {
    return header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
