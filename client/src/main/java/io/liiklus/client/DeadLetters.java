package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes records that are given up, with key, value and headers as they were and the headers
 * {@code liiklus-dead-letter-*} that say where they were, for a gateway that does not do it itself.
 * A CloudEvent that was not read as one goes in its JSON form, as it was received. Thread-safe.
 */
final class DeadLetters {

  private static final String PREFIX = "liiklus-dead-letter-";
  private static final String EVENT_PREFIX = "ce_";
  private static final String CONTENT_TYPE = "content-type";
  private static final ByteString JSON_EVENT =
      ByteString.copyFromUtf8("application/cloudevents+json");
  private static final int MAX_REASON_BYTES = 1024;

  private final Publisher publisher;
  private final String topic;
  private final String group;

  DeadLetters(Publisher publisher, String topic, String group) {
    this.publisher = publisher;
    this.topic = topic;
    this.group = group;
  }

  CompletableFuture<PublishReply> publish(ReceivedRecord record, Throwable failure) {
    return publisher.publish(request(record, failure));
  }

  PublishRequest request(ReceivedRecord record, Throwable failure) {
    var letter = PublishRequest.newBuilder().setTopic(topic).setKey(record.key());
    record
        .event()
        .ifPresentOrElse(
            letter::setLiiklusEvent,
            () -> letter.setValue(record.value()).setTombstone(record.isTombstone()));
    boolean isJsonEvent =
        record.event().isEmpty()
            && record.headers().stream()
                .anyMatch(header -> header.getKey().startsWith(EVENT_PREFIX));
    var headers = new ArrayList<>(record.headers());
    headers.removeIf(header -> header.getKey().startsWith(PREFIX));
    if (isJsonEvent) {
      headers.removeIf(
          header ->
              header.getKey().startsWith(EVENT_PREFIX) || header.getKey().equals(CONTENT_TYPE));
      headers.add(Header.newBuilder().setKey(CONTENT_TYPE).setValue(JSON_EVENT).build());
    }
    letter.addAllHeaders(headers);
    add(letter, "topic", record.topic());
    add(letter, "partition", Integer.toString(record.partition()));
    add(letter, "offset", Long.toString(record.offset()));
    add(letter, "timestamp", record.timestamp().map(Instant::toString).orElse(""));
    add(letter, "group", group);
    add(letter, "attempts", Integer.toString(record.attempt()));
    add(letter, "reason", reason(failure));
    return letter.build();
  }

  /** Of a length that a header may have. */
  static String reason(Throwable failure) {
    var text = String.valueOf(failure);
    return text.length() > MAX_REASON_BYTES ? text.substring(0, MAX_REASON_BYTES) : text;
  }

  private static void add(PublishRequest.Builder letter, String name, String value) {
    var bytes = value.getBytes(StandardCharsets.UTF_8);
    var cut = bytes.length > MAX_REASON_BYTES ? Arrays.copyOf(bytes, MAX_REASON_BYTES) : bytes;
    letter.addHeaders(Header.newBuilder().setKey(PREFIX + name).setValue(ByteString.copyFrom(cut)));
  }
}
