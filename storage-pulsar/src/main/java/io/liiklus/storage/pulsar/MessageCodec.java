package io.liiklus.storage.pulsar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.liiklus.api.Header;
import io.liiklus.api.RecordToPublish;
import io.liiklus.storage.read.StoredRecord;
import io.liiklus.storage.record.HeaderCodec;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.TypedMessageBuilder;

/**
 * Records as messages. A header is a property of the same name, as far as properties, which are a
 * sorted map of texts, can say it; where something of the headers would be lost, all of them are in
 * the property {@value #HEADERS} too, which counts then. Immutable.
 */
final class MessageCodec {

  /** Base64 of {@link HeaderCodec}'s bytes. */
  static final String HEADERS = "liiklus-headers";

  /** Attributes of events, whose order says nothing. */
  private static final String ATTRIBUTE = "ce_";

  private MessageCodec() {}

  /** Fills a message that is new. */
  static void write(
      RecordToPublish record, Map<String, String> properties, TypedMessageBuilder<byte[]> message) {
    message.value(record.value());
    if (record.key() != null) {
      var text = text(record.key());
      if (text == null) {
        message.keyBytes(record.key());
      } else {
        // As the original: its records and these of one key are in one partition.
        message.key(text);
      }
    }
    if (!properties.isEmpty()) {
      message.properties(properties);
    }
    if (record.timestamp().isPresent()) {
      message.eventTime(record.timestamp().getAsLong());
    }
  }

  /** Null where the bytes are no UTF-8. */
  private static String text(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException binary) {
      return null;
    }
  }

  static Map<String, String> properties(List<Header> headers) {
    if (headers.isEmpty()) {
      return Map.of();
    }
    var properties = new TreeMap<String, String>();
    boolean isWhole = true;
    String before = "";
    for (var header : headers) {
      var value = header.value() == null ? null : text(header.value());
      boolean isTold =
          value != null
              && !header.key().equals(HEADERS)
              && properties.putIfAbsent(header.key(), value) == null;
      if (!header.key().startsWith(ATTRIBUTE)) {
        isTold &= before.compareTo(header.key()) <= 0;
        before = header.key();
      }
      isWhole &= isTold;
    }
    if (!isWhole) {
      properties.put(HEADERS, Base64.getEncoder().encodeToString(HeaderCodec.encode(headers)));
    }
    return properties;
  }

  /** Bytes of the message that the brokers' limit counts, about. */
  static long bytes(RecordToPublish record, Map<String, String> properties) {
    // A key that is no text is stored as base64.
    long bytes = record.bytes() + (record.key() == null ? 0 : record.key().length / 3);
    for (var header : record.headers()) {
      bytes -= header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    for (var property : properties.entrySet()) {
      bytes += property.getKey().length() + property.getValue().length();
    }
    return bytes;
  }

  static StoredRecord read(long offset, Message<byte[]> message) {
    long time = message.getEventTime() > 0 ? message.getEventTime() : message.getPublishTime();
    var key = message.hasKey() ? message.getKeyBytes() : null;
    return StoredRecord.of(offset, time, key, message.getValue(), headers(message.getProperties()));
  }

  private static List<Header> headers(Map<String, String> properties) {
    if (properties.isEmpty()) {
      return List.of();
    }
    var encoded = properties.get(HEADERS);
    if (encoded != null) {
      try {
        return HeaderCodec.decode(Base64.getDecoder().decode(encoded.getBytes(ISO_8859_1)));
      } catch (IllegalArgumentException ofSomebodyElse) {
        // A property like the others.
      }
    }
    var headers = new ArrayList<Header>(properties.size());
    properties.forEach((key, value) -> headers.add(new Header(key, value.getBytes(UTF_8))));
    return headers;
  }
}
