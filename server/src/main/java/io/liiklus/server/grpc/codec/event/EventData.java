package io.liiklus.server.grpc.codec.event;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liiklus.server.event.Attributes;
import java.io.IOException;

/**
 * Data of an event in JSON while it is being read: its encoding depends on a type that may come
 * later. Confined to the reader of one event.
 */
final class EventData {

  private final String source;

  /** The value of {@code data} as it stands in the source; null where there is none. */
  private String json;

  /** The characters of {@code data}, where it is a text. */
  private String text;

  private ByteString decoded;

  /**
   * @param source all of the JSON text
   */
  EventData(String source) {
    this.source = source;
  }

  /** Takes the value as it stands, since writing it again could change its numbers. */
  void readValue(JsonParser parser) throws IOException {
    int start = (int) parser.currentTokenLocation().getCharOffset();
    text = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getCharOffset();
    json = source.substring(start, end);
  }

  void readBase64(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      decoded = null;
      return;
    }
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new NotAnEvent("its data_base64 is no text");
    }
    parser.finishToken();
    try {
      decoded =
          UnsafeByteOperations.unsafeWrap(parser.getBinaryValue(Base64Variants.MIME_NO_LINEFEEDS));
    } catch (IOException invalid) {
      throw new NotAnEvent("its data_base64 is not base64");
    }
  }

  /**
   * The bytes. A text under a type that is not JSON is meant without its quotes, and null under
   * such a type, or beside the other member, means none.
   *
   * @throws NotAnEvent where the event has both members
   */
  ByteString of(String contentType) {
    boolean isNull = "null".equals(json);
    if (decoded != null) {
      if (json != null && !isNull) {
        throw new NotAnEvent("it has both data and data_base64");
      }
      return decoded;
    }
    boolean isJson = contentType.isEmpty() || Attributes.isJson(contentType);
    if (json == null || (isNull && !isJson)) {
      return ByteString.EMPTY;
    }
    boolean isQuoted = text != null && !isJson;
    return ByteString.copyFromUtf8(isQuoted ? EventJson.wellFormed(text) : json);
  }
}
