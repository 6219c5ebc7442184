package io.liiklus.server.schema;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.liiklus.api.Header;
import io.liiklus.api.RecordRefusedException;
import io.liiklus.api.RecordToPublish;
import io.liiklus.server.event.Attributes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The event in a record: its type, and the JSON that the type's schema is for. Immutable.
 *
 * <pre>
 *   a CloudEvent in binary mode       ce_type           the value
 *   a CloudEvent in structured mode   the member type   the member data, or what data_base64 has
 *   any other value                   at the pointer    the value
 * </pre>
 *
 * @param field how the client knows the JSON
 */
record TypedEvent(String field, String type, JsonNode json) {

  private static final String DATA_FIELD = "liiklusEvent.data";
  private static final String VALUE_FIELD = "value";

  /**
   * Reads a record that has a value.
   *
   * @throws RecordRefusedException where it has no type, or is no JSON
   */
  static TypedEvent read(RecordToPublish record, JsonPointer typePointer) {
    var headers = record.headers();
    var contentType = contentType(headers);
    if (Attributes.isStructured(contentType)) {
      return structured(json(VALUE_FIELD, record.value()));
    }
    var type = binaryType(headers);
    if (type != null) {
      requireJson("liiklusEvent.data_content_type", contentType);
      return new TypedEvent(DATA_FIELD, type, json(DATA_FIELD, record.value()));
    }
    var value = json(VALUE_FIELD, record.value());
    var found = value.at(typePointer);
    if (!found.isValueNode() || found.isNull()) {
      throw new RecordRefusedException(
          "value: has no type at %s (schema.eventTypeJsonPointer)".formatted(typePointer));
    }
    return new TypedEvent(VALUE_FIELD, found.asText(), value);
  }

  private static TypedEvent structured(JsonNode event) {
    var type = event.path(Attributes.TYPE);
    if (!type.isTextual()) {
      throw new RecordRefusedException("value: an event has a type, in its member type");
    }
    requireJson("value: datacontenttype", event.path(Attributes.DATACONTENTTYPE).asText(""));
    var data = event.get(Attributes.DATA);
    var encoded = event.get(Attributes.DATA_BASE64);
    if (data != null && encoded != null) {
      throw new RecordRefusedException("value: has both data and data_base64; one of the two");
    }
    if (encoded != null) {
      return new TypedEvent(VALUE_FIELD, type.asText(), decoded(encoded));
    }
    if (data == null) {
      throw new RecordRefusedException("value: the event has no data; JSON by its type's schema");
    }
    return new TypedEvent(VALUE_FIELD, type.asText(), data);
  }

  private static JsonNode decoded(JsonNode base64) {
    try {
      return json("value: data_base64", base64.binaryValue());
    } catch (IOException invalid) {
      throw new RecordRefusedException("value: data_base64 is not base64");
    }
  }

  private static void requireJson(String field, String contentType) {
    if (!contentType.isEmpty() && !Attributes.isJson(contentType)) {
      throw new RecordRefusedException(
          "%s: \"%s\" is not allowed; a type of JSON, as application/json, as there are schemas"
              .formatted(field, Violations.cut(contentType)));
    }
  }

  private static JsonNode json(String field, byte[] value) {
    if (value == null) {
      throw new RecordRefusedException(field + ": is not JSON");
    }
    try {
      return Json.read(value);
    } catch (Json.NotJson invalid) {
      throw new RecordRefusedException(field + ": is not JSON: " + invalid.getMessage());
    }
  }

  private static String contentType(List<Header> headers) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      if (Attributes.isContentType(headers.get(i).key())) {
        return text(headers.get(i));
      }
    }
    return "";
  }

  /** Null where the record is no event. */
  private static String binaryType(List<Header> headers) {
    String type = null;
    boolean isEvent = false;
    for (int i = 0; i < headers.size(); i++) {
      var attribute = Attributes.ofHeader(headers.get(i).key());
      isEvent |= Attributes.SPECVERSION.equals(attribute);
      if (Attributes.TYPE.equals(attribute)) {
        type = text(headers.get(i));
      }
    }
    return isEvent ? type : null;
  }

  private static String text(Header header) {
    return header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
