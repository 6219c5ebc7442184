package io.liiklus.server.grpc.codec.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liiklus.server.event.Attributes;
import io.liiklus.server.grpc.codec.status.BadRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** JSON format of CloudEvents 1.0. Immutable. */
public final class EventJson {

  /**
   * Levels of arrays and objects in an event, itself counted; each costs the parser an object. Data
   * that would make it deeper is written as bytes, and an event that is deeper is not read.
   */
  static final int DEEPEST = 10_000;

  private static final JsonFactory JSON = factory(DEEPEST);

  /** Of data, which is one level down in its event. */
  private static final JsonFactory DATA = factory(DEEPEST - 1);

  private EventJson() {}

  /** Texts, numbers and names are as long as records may be: the record is the bound. */
  private static JsonFactory factory(int deepest) {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(deepest)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build())
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .build();
  }

  /** Data as JSON where it says so and is; else in base64; no member where there is none. */
  public static ByteString write(LiiklusEvent event) {
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
      var data = event.getData();
      if (!data.isEmpty() && Attributes.isJson(event.getDataContentType()) && isOneValue(data)) {
        json.writeFieldName(Attributes.DATA);
        // An empty raw value writes the colon; the bytes then go past the generator, uncopied.
        json.writeRawValue("");
        json.flush();
        data.writeTo(out);
      } else if (!data.isEmpty()) {
        json.writeFieldName(Attributes.DATA_BASE64);
        json.writeBinary(data.toByteArray());
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return UnsafeByteOperations.unsafeWrap(out.toByteArray());
  }

  /** Returns whether the bytes are one JSON value in UTF-8, of a depth that an event may hold. */
  static boolean isOneValue(ByteString bytes) {
    if (!bytes.isValidUtf8()) {
      return false;
    }
    try (var json = DATA.createParser(bytes.toStringUtf8())) {
      if (json.nextToken() == null) {
        return false;
      }
      json.skipChildren();
      return json.nextToken() == null;
    } catch (IOException invalid) {
      return false;
    }
  }

  /**
   * Reads an event in structured mode. Of repeated members the last one counts.
   *
   * @throws NotAnEvent where it is none
   */
  static LiiklusEvent read(ByteBuffer value) {
    var bytes = UnsafeByteOperations.unsafeWrap(value.duplicate());
    if (!bytes.isValidUtf8()) {
      throw new NotAnEvent("its value is not UTF-8");
    }
    // From bytes, a parser would guess the encoding, and would not return the places of its tokens.
    var source = withoutByteOrderMark(bytes.toStringUtf8());
    try (var json = JSON.createParser(source)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new NotAnEvent("its value is no JSON object");
      }
      var event = LiiklusEvent.newBuilder();
      var data = new EventData(source);
      while (json.nextToken() != JsonToken.END_OBJECT) {
        var name = json.currentName();
        json.nextToken();
        readMember(event, data, name, json);
      }
      if (json.nextToken() != null) {
        throw new NotAnEvent("its value goes on behind the JSON object");
      }
      return event.setData(data.of(event.getDataContentType())).build();
    } catch (StreamConstraintsException tooDeep) {
      // The one constraint that is set: the others are as wide as can be.
      throw new NotAnEvent("its value is JSON nested deeper than " + DEEPEST + " levels");
    } catch (IOException invalid) {
      throw new NotAnEvent("its value is not valid JSON");
    }
  }

  /** RFC 8259, 8.1: writers must not begin with one, and readers may pass over it. */
  private static String withoutByteOrderMark(String json) {
    return json.startsWith("\uFEFF") ? json.substring(1) : json;
  }

  private static void readMember(
      LiiklusEvent.Builder event, EventData data, String name, JsonParser json) throws IOException {
    switch (name) {
      case Attributes.SPECVERSION -> json.skipChildren();
      case Attributes.DATA -> data.readValue(json);
      case Attributes.DATA_BASE64 -> data.readBase64(json);
      default -> readAttribute(event, name, json);
    }
  }

  /** Attributes are texts, numbers and truth values; null stands for one that is not there. */
  private static void readAttribute(LiiklusEvent.Builder event, String name, JsonParser json)
      throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (json.currentToken().isStructStart()) {
      throw new NotAnEvent(
          "its attribute " + BadRequest.printable(name) + " is not a single value");
    }
    var text = wellFormed(json.getText());
    if (name.equals(Attributes.DATACONTENTTYPE)) {
      event.setDataContentType(text);
    } else {
      StoredEvent.set(event, wellFormed(name), text);
    }
  }

  /** JSON can spell halves of surrogate pairs, which UTF-8 has no bytes for. */
  static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints()
            .map(point -> isHalf(point) ? 0xFFFD : point)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
      }
    }
    return text;
  }

  private static boolean isHalf(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }
}
