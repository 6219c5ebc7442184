package io.liiklus.server.grpc.codec.request;

import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.liiklus.server.grpc.codec.status.BadRequest;
import java.io.IOException;

/**
 * Scan of the bytes of a request that protobuf is to parse, which makes no object of them: protobuf
 * makes one of each part, which takes 50 times the bytes, and copies a text that is not UTF-8
 * several times. A request of which one record has too many parts is refused as a whole. Confined
 * to the parsing of one request.
 */
final class RequestScan {

  private static final FieldDescriptor RECORDS =
      PublishBatchRequest.getDescriptor()
          .findFieldByNumber(PublishBatchRequest.REQUESTS_FIELD_NUMBER);
  private static final FieldDescriptor HEADERS =
      PublishRequest.getDescriptor().findFieldByNumber(PublishRequest.HEADERS_FIELD_NUMBER);
  private static final FieldDescriptor EXTENSIONS =
      LiiklusEvent.getDescriptor().findFieldByNumber(LiiklusEvent.EXTENSIONS_FIELD_NUMBER);

  private final byte[] bytes;
  private final PublishBounds bounds;
  private final CodedInputStream in;

  private int records;

  /** Headers and extensions. */
  private int parts;

  // Of the record that is looked through.
  private int headers;
  private int extensions;

  /**
   * A scan that has not begun.
   *
   * @param bounds null where the request is no publish, and has no repeated part
   */
  RequestScan(byte[] bytes, PublishBounds bounds) {
    this.bytes = bytes;
    this.bounds = bounds;
    this.in = CodedInputStream.newInstance(bytes);
  }

  /**
   * Looks at all of it.
   *
   * @throws BadRequest where there are too many parts, naming the field and the setting
   * @throws IOException where the bytes are no such message
   */
  void run(Descriptor type) throws IOException {
    message(type);
  }

  private void message(Descriptor type) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      var field = lengthDelimited(type, tag);
      if (field != null && field.getJavaType() == FieldDescriptor.JavaType.STRING) {
        text();
      } else if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        count(field);
        int outer = in.pushLimit(in.readUInt32());
        message(field.getMessageType());
        in.popLimit(outer);
      } else if (!in.skipField(tag)) {
        break;
      }
    }
    in.checkLastTagWas(0);
  }

  /** Null where the field is unknown, or no text, bytes or message. */
  private static FieldDescriptor lengthDelimited(Descriptor type, int tag) {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED
        ? type.findFieldByNumber(WireFormat.getTagFieldNumber(tag))
        : null;
  }

  private void text() throws IOException {
    int length = in.readUInt32();
    int start = in.getTotalBytesRead();
    in.skipRawBytes(length);
    if (!UnsafeByteOperations.unsafeWrap(bytes, start, length).isValidUtf8()) {
      throw new InvalidProtocolBufferException("Protocol message had invalid UTF-8.");
    }
  }

  private void count(FieldDescriptor field) {
    if (field == RECORDS) {
      bounds.requireRecords(++records);
      headers = 0;
      extensions = 0;
    } else if (field == HEADERS) {
      bounds.requireParts(++parts);
      if (++headers > bounds.maxHeaders()) {
        throw PublishBounds.tooManyHeaders(bounds.maxHeaders());
      }
    } else if (field == EXTENSIONS) {
      bounds.requireParts(++parts);
      // Events of one record are put together.
      if (++extensions > bounds.maxHeaders()) {
        throw PublishBounds.tooManyExtensions(bounds.maxHeaders());
      }
    }
  }
}
