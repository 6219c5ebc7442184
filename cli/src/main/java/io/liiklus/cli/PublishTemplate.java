package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * Common parts of all records of a run. Immutable.
 *
 * @param event null: raw records
 */
record PublishTemplate(String topic, ByteString key, EventTemplate event, List<Header> headers) {

  /**
   * Common parts of all events of a run. Immutable.
   *
   * @param contentType null: derived from each value
   */
  record EventTemplate(String type, String source, String contentType, InstantSource clock) {

    private LiiklusEvent of(ByteString data) {
      var event =
          LiiklusEvent.newBuilder()
              .setId(UUID.randomUUID().toString())
              .setType(type)
              .setSource(source)
              .setTime(clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
              .setData(data);
      if (contentType != null) {
        event.setDataContentType(contentType);
      } else if (!data.isEmpty()) {
        event.setDataContentType(contentTypeOf(data));
      }
      return event.build();
    }

    private static String contentTypeOf(ByteString data) {
      if (new JsonText().isObjectOrArray(data)) {
        return "application/json";
      }
      return data.isValidUtf8() ? "text/plain" : "application/octet-stream";
    }
  }

  PublishTemplate {
    headers = List.copyOf(headers);
  }

  PublishRequest of(ByteString value) {
    var request = request();
    return event == null
        ? request.setValue(value).build()
        : request.setLiiklusEvent(event.of(value)).build();
  }

  PublishRequest tombstone() {
    return request().setTombstone(true).build();
  }

  private PublishRequest.Builder request() {
    return PublishRequest.newBuilder().setTopic(topic).setKey(key).addAllHeaders(headers);
  }
}
