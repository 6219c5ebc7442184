package io.liiklus.faults.load;

import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.faults.journal.Event.PublishFailed;
import io.liiklus.faults.journal.Event.Published;
import io.liiklus.faults.journal.Event.Surprise;
import io.liiklus.faults.journal.Journal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers the records of each key and publishes one at a time. The value is the id, {@code
 * <key>:<number>}, which no other record of the topic has, and padding behind a blank. Confined to
 * one thread.
 */
public final class Publisher {

  /** No longer than a client waits that has others to serve. */
  static final Duration DEADLINE = Duration.ofSeconds(8);

  private final String topic;
  private final Journal journal;
  private final Map<String, Long> numbers = new HashMap<>();

  public Publisher(String topic, Journal journal) {
    this.topic = topic;
    this.journal = journal;
  }

  /** The id that a value begins with. */
  static String id(ByteString value) {
    var text = value.toStringUtf8();
    int end = text.indexOf(' ');
    return end < 0 ? text : text.substring(0, end);
  }

  /**
   * Publishes the next record of the key.
   *
   * @return what it was answered
   */
  public Status publish(Connection connection, String key, int paddingBytes) {
    var id = key + ":" + numbers.merge(key, 1L, Long::sum);
    var value = paddingBytes == 0 ? id : id + " " + "x".repeat(paddingBytes);
    var request =
        PublishRequest.newBuilder()
            .setTopic(topic)
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8(value))
            .build();
    try {
      var reply = connection.calls(DEADLINE).publish(request);
      journal.add(new Published(journal.nowNs(), key, id, reply.getPartition(), reply.getOffset()));
      return Status.OK;
    } catch (StatusRuntimeException failed) {
      var end = Answers.of(failed.getStatus());
      journal.add(new PublishFailed(journal.nowNs(), id, end.toString()));
      switch (end.getCode()) {
        case UNAVAILABLE, DEADLINE_EXCEEDED -> {}
        default -> journal.add(new Surprise(journal.nowNs(), topic, id, "Publish ended " + end));
      }
      return end;
    }
  }
}
