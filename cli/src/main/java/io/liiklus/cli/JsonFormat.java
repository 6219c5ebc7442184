package io.liiklus.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.google.protobuf.ByteString;
import io.liiklus.client.ReceivedRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.util.TreeMap;

/**
 * Format for programs: an object a line that leaves nothing out. Bytes that are not UTF-8 stand as
 * base64 under {@code keyBase64} and {@code valueBase64}; a record without a value has {@code
 * "value": null}. An event stands under {@code event} as the CloudEvents JSON format has it.
 * Immutable.
 */
final class JsonFormat implements RecordFormat {

  private final JsonLines lines = new JsonLines();
  private final JsonText texts = new JsonText();

  @Override
  public void write(ReceivedRecord record, PrintStream out) {
    lines.write(out, json -> writeRecord(record, json));
  }

  private void writeRecord(ReceivedRecord record, JsonGenerator json) throws IOException {
    json.writeNumberField("partition", Integer.toUnsignedLong(record.partition()));
    json.writeFieldName("offset");
    json.writeNumber(Long.toUnsignedString(record.offset()));
    if (record.timestamp().isPresent()) {
      json.writeStringField("timestamp", record.timestamp().get().toString());
    }
    if (!record.key().isEmpty()) {
      writeBytes("key", record.key(), json);
    }
    if (record.event().isPresent()) {
      json.writeObjectFieldStart("event");
      writeEvent(record.event().get(), json);
      json.writeEndObject();
    } else if (record.isTombstone()) {
      json.writeNullField("value");
    } else {
      writeBytes("value", record.value(), json);
    }
    json.writeArrayFieldStart("headers");
    for (var header : record.headers()) {
      json.writeStartObject();
      json.writeStringField("key", header.getKey());
      writeBytes("value", header.getValue(), json);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeBooleanField("replay", record.isReplay());
  }

  private static void writeBytes(String name, ByteString bytes, JsonGenerator json)
      throws IOException {
    if (bytes.isValidUtf8()) {
      json.writeStringField(name, bytes.toStringUtf8());
    } else {
      json.writeBinaryField(name + "Base64", bytes.toByteArray());
    }
  }

  private void writeEvent(LiiklusEvent event, JsonGenerator json) throws IOException {
    json.writeStringField("specversion", "1.0");
    json.writeStringField("id", event.getId());
    json.writeStringField("source", event.getSource());
    json.writeStringField("type", event.getType());
    if (!event.getTime().isEmpty()) {
      json.writeStringField("time", event.getTime());
    }
    for (var extension : new TreeMap<>(event.getExtensionsMap()).entrySet()) {
      json.writeStringField(extension.getKey(), extension.getValue());
    }
    if (!event.getDataContentType().isEmpty()) {
      json.writeStringField("datacontenttype", event.getDataContentType());
    }
    if (!event.getData().isEmpty()) {
      writeData(event, json);
    }
  }

  private void writeData(LiiklusEvent event, JsonGenerator json) throws IOException {
    var data = event.getData();
    boolean isJson = JsonText.isJsonType(event.getDataContentType());
    if (isJson && texts.isValue(data)) {
      json.writeFieldName("data");
      // A line break of valid JSON stands between its tokens, never within a string.
      json.writeRawValue(data.toStringUtf8().replace('\n', ' ').replace('\r', ' '));
    } else if (!isJson && data.isValidUtf8()) {
      json.writeStringField("data", data.toStringUtf8());
    } else {
      json.writeBinaryField("data_base64", data.toByteArray());
    }
  }
}
