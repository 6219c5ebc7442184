package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A record of a group's topic. Immutable.
 *
 * @param record as it came: offset, key, value, headers
 * @param attempt how often the handler has got it from this client, itself counted
 */
public record ReceivedRecord(String topic, int partition, ReceiveReply.Record record, int attempt) {

  public long offset() {
    return record.getOffset();
  }

  /** Empty where there is none. */
  public ByteString key() {
    return record.getKey();
  }

  /** That of a CloudEvent is its JSON form; empty of a tombstone. */
  public ByteString value() {
    return record.getValue();
  }

  public boolean isTombstone() {
    return record.getTombstone();
  }

  /** Whether a version of the group had it before. */
  public boolean isReplay() {
    return record.getReplay();
  }

  public List<Header> headers() {
    return record.getHeadersList();
  }

  /** When it was published, where the log knows. */
  public Optional<Instant> timestamp() {
    if (!record.hasTimestamp()) {
      return Optional.empty();
    }
    var at = record.getTimestamp();
    return Optional.of(Instant.ofEpochSecond(at.getSeconds(), at.getNanos()));
  }

  ReceivedRecord again() {
    return new ReceivedRecord(topic, partition, record, attempt + 1);
  }

  @Override
  public String toString() {
    return "%s-%d@%d %s=%s"
        .formatted(topic, partition, offset(), key().toStringUtf8(), value().toStringUtf8());
  }
}
