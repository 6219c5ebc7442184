package io.liiklus.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.Locale;

/** Check whether bytes are JSON. Immutable. */
final class JsonText {

  /** Names are not kept from one text to the next: those made to collide would be refused. */
  private final JsonFactory json =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /** Whether the bytes are one JSON value of any kind in UTF-8, and nothing behind it. */
  boolean isValue(ByteString bytes) {
    return first(bytes) != null;
  }

  boolean isObjectOrArray(ByteString bytes) {
    var first = first(bytes);
    return first == JsonToken.START_OBJECT || first == JsonToken.START_ARRAY;
  }

  /**
   * Whether a type is JSON by the rule of CloudEvents: {@code application/json}, {@code text/json}
   * and {@code *}/*+json.
   */
  static boolean isJsonType(String contentType) {
    var type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.endsWith("/json") || type.endsWith("+json");
  }

  /** The first token where the whole is one value, else null. */
  private JsonToken first(ByteString bytes) {
    if (!bytes.isValidUtf8()) {
      return null;
    }
    try (var parser = json.createParser(bytes.toStringUtf8())) {
      var first = parser.nextToken();
      parser.skipChildren();
      return parser.nextToken() == null ? first : null;
    } catch (IOException notJson) {
      return null;
    }
  }
}
