package io.liiklus.server.grpc.codec.request;

import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.liiklus.api.Header;
import io.liiklus.api.RecordToPublish;
import io.liiklus.server.event.Attributes;
import io.liiklus.server.grpc.codec.event.EventTime;
import io.liiklus.server.grpc.codec.status.BadRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Decoder from a request to a record, which refuses an invalid one. Immutable. */
public final class PublishDecoder {

  private static final Pattern EXTENSION = Pattern.compile("[a-z0-9]+");

  private final boolean isEmptyKeyNull;
  private final int maxHeaders;

  /**
   * @param isEmptyKeyNull whether a record with an empty key has none; else it has an empty one, as
   *     the original stored it
   * @param maxHeaders how many headers a record may have, and how many extensions an event
   */
  public PublishDecoder(boolean isEmptyKeyNull, int maxHeaders) {
    this.isEmptyKeyNull = isEmptyKeyNull;
    this.maxHeaders = maxHeaders;
  }

  /**
   * The record to store. It takes the arrays of the request, whose bytes are the storage's from
   * then on.
   *
   * @throws BadRequest naming the field
   */
  public RecordToPublish decode(PublishRequest request) {
    return decode(request, "");
  }

  /**
   * The record to store, as above.
   *
   * @param knownTopic one that is allowed, or empty; it is not looked at again
   */
  public RecordToPublish decode(PublishRequest request, String knownTopic) {
    var topic = request.getTopic();
    if (topic.isEmpty() || !topic.equals(knownTopic)) {
      RequestNames.topic(topic);
    }
    var key = request.getKey();
    var keyBytes = key.isEmpty() && isEmptyKeyNull ? null : FieldBytes.take(key);
    if (request.getTombstone()) {
      requireNothingElse(request);
      return new RecordToPublish(topic, keyBytes, null, headers(request, List.of()));
    }
    if (!request.hasLiiklusEvent()) {
      var value = FieldBytes.take(request.getValue());
      return new RecordToPublish(topic, keyBytes, value, headers(request, List.of()));
    }
    if (!request.getValue().isEmpty()) {
      throw new BadRequest("value: is not allowed beside liiklusEvent; one of the two");
    }
    var event = request.getLiiklusEvent();
    // Never null, however empty: on a compacted topic that would delete the key.
    var data = FieldBytes.take(event.getData());
    return new RecordToPublish(topic, keyBytes, data, headers(request, eventHeaders(event)));
  }

  private static void requireNothingElse(PublishRequest request) {
    if (!request.getValue().isEmpty() || request.hasLiiklusEvent()) {
      throw new BadRequest(
          "tombstone: is not allowed beside %s; a tombstone has neither value nor event"
              .formatted(request.hasLiiklusEvent() ? "liiklusEvent" : "value"));
    }
  }

  private List<Header> headers(PublishRequest request, List<Header> first) {
    if (request.getHeadersCount() == 0) {
      return first;
    }
    if (request.getHeadersCount() > maxHeaders) {
      throw PublishBounds.tooManyHeaders(maxHeaders);
    }
    var headers = new ArrayList<>(first);
    for (int i = 0; i < request.getHeadersCount(); i++) {
      var header = request.getHeaders(i);
      requireHeaderKey("headers[" + i + "].key", header.getKey(), request.hasLiiklusEvent());
      headers.add(new Header(header.getKey(), FieldBytes.take(header.getValue())));
    }
    return headers;
  }

  private static void requireHeaderKey(String field, String key, boolean isEvent) {
    if (key.isEmpty()) {
      throw new BadRequest(field + ": is empty; a name");
    }
    // Readers take these in any case, so none is let through in another one.
    if (Attributes.isReserved(key)) {
      throw BadRequest.of(field, key, "a name that does not begin with ce_, which is for events");
    }
    if (isEvent && Attributes.isContentType(key)) {
      throw BadRequest.of(field, key, "beside an event its data_content_type is the content-type");
    }
  }

  private List<Header> eventHeaders(LiiklusEvent event) {
    var headers = new ArrayList<Header>();
    add(headers, Attributes.SPECVERSION, "1.0");
    add(headers, Attributes.ID, required("liiklusEvent.id", event.getId()));
    add(headers, Attributes.TYPE, required("liiklusEvent.type", event.getType()));
    add(headers, Attributes.SOURCE, required("liiklusEvent.source", event.getSource()));
    if (!event.getTime().isEmpty()) {
      add(headers, Attributes.TIME, time(event.getTime()));
    }
    var contentType = event.getDataContentType();
    requireContentType(contentType);
    if (!contentType.isEmpty()) {
      headers.add(new Header(Attributes.CONTENT_TYPE, utf8(contentType)));
      add(headers, Attributes.DATACONTENTTYPE, contentType);
    }
    if (event.getExtensionsCount() > maxHeaders) {
      throw PublishBounds.tooManyExtensions(maxHeaders);
    }
    event
        .getExtensionsMap()
        .forEach(
            (name, value) -> {
              requireExtension(name);
              add(headers, name, value);
            });
    return headers;
  }

  private static void add(List<Header> headers, String attribute, String value) {
    headers.add(new Header(Attributes.PREFIX + attribute, utf8(value)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String required(String field, String value) {
    if (value.isEmpty()) {
      throw new BadRequest(field + ": is empty; an event has one");
    }
    return value;
  }

  private static String time(String time) {
    var stored = EventTime.toRfc3339(time);
    if (stored == null) {
      throw BadRequest.of(
          "liiklusEvent.time", time, "a time by RFC 3339, as in 2026-04-05T17:31:00Z");
    }
    return stored;
  }

  /** The type would say that the data is the event, and readers would look for it there. */
  private static void requireContentType(String contentType) {
    if (Attributes.isStructured(contentType)) {
      throw BadRequest.of(
          "liiklusEvent.data_content_type",
          contentType,
          "the type of the data; an event that is in JSON already goes into value");
    }
  }

  private static void requireExtension(String name) {
    if (!EXTENSION.matcher(name).matches() || Attributes.WITH_FIELD.contains(name)) {
      throw new BadRequest(
          ("liiklusEvent.extensions[%s]: is not allowed;"
                  + " a name of a-z and 0-9 that is none of CloudEvents' own attributes"
                  + " but subject and dataschema")
              .formatted(BadRequest.printable(name)));
    }
  }
}
