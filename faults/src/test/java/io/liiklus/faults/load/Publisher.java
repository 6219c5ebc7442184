package io.liiklus.faults.load;

import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.PublishResult;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.faults.journal.Event.PublishFailed;
import io.liiklus.faults.journal.Event.Published;
import io.liiklus.faults.journal.Event.Surprise;
import io.liiklus.faults.journal.Journal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Publisher that numbers the records of each key and makes one call at a time. The value is the id,
 * {@code <key>:<number>}, which no other record of the topic has, and padding behind a blank.
 * Confined to one thread.
 */
public final class Publisher {

  /** No longer than a client waits that has others to serve. */
  static final Duration DEADLINE = Duration.ofSeconds(8);

  private final String topic;
  private final Journal journal;
  private final Map<String, Long> numbers = new HashMap<>();

  private record Numbered(String key, String id, PublishRequest request) {}

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
   * @return the answer
   */
  public Status publish(Connection connection, String key, int paddingBytes) {
    var record = next(key, paddingBytes);
    try {
      return stored(record, connection.calls(DEADLINE).publish(record.request()));
    } catch (StatusRuntimeException failed) {
      return failed("Publish", record, Answers.of(failed.getStatus()));
    }
  }

  /**
   * Publishes the next record of each key in one call. A key may be there several times.
   *
   * @return the answer to each
   */
  public List<Status> publishBatch(Connection connection, List<String> keys) {
    var records = keys.stream().map(key -> next(key, 0)).toList();
    var batch = PublishBatchRequest.newBuilder();
    records.forEach(record -> batch.addRequests(record.request()));
    List<PublishResult> results;
    try {
      results = connection.calls(DEADLINE).publishBatch(batch.build()).getResultsList();
    } catch (StatusRuntimeException failed) {
      var end = Answers.of(failed.getStatus());
      return records.stream().map(record -> failed("PublishBatch", record, end)).toList();
    }
    if (results.size() != records.size()) {
      var what = "PublishBatch of %d gave %d results".formatted(records.size(), results.size());
      journal.add(new Surprise(journal.nowNs(), topic, records.get(0).id(), what));
      throw new IllegalStateException(what);
    }
    return IntStream.range(0, records.size())
        .mapToObj(index -> resultOf(records.get(index), results.get(index)))
        .toList();
  }

  private Status resultOf(Numbered record, PublishResult result) {
    if (result.hasReply()) {
      return stored(record, result.getReply());
    }
    var error = result.getError();
    return failed(
        "PublishBatch",
        record,
        Status.fromCodeValue(error.getCode()).withDescription(error.getMessage()));
  }

  private Numbered next(String key, int paddingBytes) {
    var id = key + ":" + numbers.merge(key, 1L, Long::sum);
    var value = paddingBytes == 0 ? id : id + " " + "x".repeat(paddingBytes);
    var request =
        PublishRequest.newBuilder()
            .setTopic(topic)
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8(value))
            .build();
    return new Numbered(key, id, request);
  }

  private Status stored(Numbered record, PublishReply reply) {
    journal.add(
        new Published(
            journal.nowNs(), record.key(), record.id(), reply.getPartition(), reply.getOffset()));
    return Status.OK;
  }

  private Status failed(String call, Numbered record, Status end) {
    journal.add(new PublishFailed(journal.nowNs(), record.id(), end.toString()));
    switch (end.getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> {}
      default ->
          journal.add(new Surprise(journal.nowNs(), topic, record.id(), call + " ended " + end));
    }
    return end;
  }
}
