package io.liiklus.server.grpc.codec;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The JSON format of CloudEvents 1.0. */
final class EventJson {

  /** Deeper values are taken as bytes, not as JSON: every reader has a limit. */
  private static final int DEEPEST = 500;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private EventJson() {}

  /** Data as JSON where it says so and is; else in base64; no member where there is none. */
  static ByteString write(LiiklusEvent event) {
    var out = new ByteArrayOutputStream(256 + event.getData().size());
    try (var json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField(Attributes.SPECVERSION, "1.0");
      json.writeStringField(Attributes.ID, event.getId());
      json.writeStringField(Attributes.TYPE, event.getType());
      json.writeStringField(Attributes.SOURCE, event.getSource());
      if (!event.getTime().isEmpty()) {
        json.writeStringField(Attributes.TIME, event.getTime());
      }
      if (!event.getDataContentType().isEmpty()) {
        json.writeStringField(Attributes.DATACONTENTTYPE, event.getDataContentType());
      }
      for (var extension : event.getExtensionsMap().entrySet()) {
        json.writeStringField(extension.getKey(), extension.getValue());
      }
      var data = event.getData().toByteArray();
      if (data.length > 0 && Attributes.isJson(event.getDataContentType()) && isOneValue(data)) {
        json.writeFieldName(Attributes.DATA);
        json.writeRawValue(new String(data, StandardCharsets.UTF_8));
      } else if (data.length > 0) {
        json.writeFieldName(Attributes.DATA_BASE64);
        json.writeBinary(data);
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return UnsafeByteOperations.unsafeWrap(out.toByteArray());
  }

  /** Whether these bytes are one JSON value in UTF-8, and nothing else. */
  static boolean isOneValue(byte[] bytes) {
    try {
      // A parser also takes UTF-16, UTF-32 and a byte order mark, and need not look into strings.
      var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException notUtf8) {
      return false;
    }
    if (bytes[0] == (byte) 0xef || containsNul(bytes)) {
      return false;
    }
    try (var json = JSON.createParser(bytes)) {
      json.disable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      if (json.nextToken() == null) {
        return false;
      }
      json.skipChildren();
      json.finishToken();
      return json.nextToken() == null;
    } catch (IOException invalid) {
      return false;
    }
  }

  /** No JSON text holds one, and a parser would take them for another encoding. */
  private static boolean containsNul(byte[] bytes) {
    for (byte one : bytes) {
      if (one == 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reads an event in structured mode.
   *
   * @throws NotAnEvent where it is none
   */
  static LiiklusEvent read(ByteBuffer value) {
    var bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    try (var json = JSON.createParser(bytes)) {
      var event = LiiklusEvent.newBuilder();
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new NotAnEvent("its value is no JSON object");
      }
      var data = new Data(bytes);
      while (json.nextToken() != JsonToken.END_OBJECT) {
        var name = json.currentName();
        json.nextToken();
        readMember(event, data, name, json);
      }
      if (json.nextToken() != null) {
        throw new NotAnEvent("its value goes on behind the JSON object");
      }
      StoredEvent.requireEvent(event);
      return event.setData(data.of(event.getDataContentType())).build();
    } catch (IOException invalid) {
      throw new NotAnEvent("its value is not valid JSON");
    }
  }

  private static void readMember(
      LiiklusEvent.Builder event, Data data, String name, JsonParser json) throws IOException {
    switch (name) {
      case Attributes.SPECVERSION -> json.skipChildren();
      case Attributes.DATACONTENTTYPE -> event.setDataContentType(text(json));
      case Attributes.DATA -> data.readValue(json);
      case Attributes.DATA_BASE64 -> data.readBase64(json);
      default -> {
        var text = text(json);
        if (!text.isEmpty()) {
          StoredEvent.set(event, name, text);
        }
      }
    }
  }

  /** Attributes are texts, numbers and truth values; null stands for one that is not there. */
  private static String text(JsonParser json) throws IOException {
    if (json.currentToken().isStructStart()) {
      throw new NotAnEvent("its attribute " + json.currentName() + " is not a single value");
    }
    return json.currentToken() == JsonToken.VALUE_NULL ? "" : json.getText();
  }

  /** The data of an event that is being read: what it is depends on a type that may come later. */
  private static final class Data {
    private final byte[] source;
    private ByteString raw = ByteString.EMPTY;
    private String text;

    private Data(byte[] source) {
      this.source = source;
    }

    /** Takes the value's own bytes, since to write it anew could change its numbers. */
    private void readValue(JsonParser json) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_NULL) {
        return;
      }
      int start = (int) json.currentTokenLocation().getByteOffset();
      text = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : null;
      json.skipChildren();
      json.finishToken();
      int end = (int) json.currentLocation().getByteOffset();
      raw = ByteString.copyFrom(source, start, end - start);
    }

    private void readBase64(JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.VALUE_NULL) {
        raw =
            UnsafeByteOperations.unsafeWrap(json.getBinaryValue(Base64Variants.MIME_NO_LINEFEEDS));
      }
    }

    /** A text under a type that is not JSON is meant without its quotes. */
    private ByteString of(String contentType) {
      boolean isText = text != null && !contentType.isEmpty() && !Attributes.isJson(contentType);
      return isText ? ByteString.copyFromUtf8(text) : raw;
    }
  }
}
