package io.liiklus.storage.sql.records;

import io.liiklus.api.Offsets;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.record.HeaderCodec;
import io.liiklus.storage.sql.database.Change;
import io.liiklus.storage.sql.database.ChangeKind;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * Record to append, and the answer to its publish. Thread-safe: its place is set before a writer
 * gets it.
 */
final class Append extends Change<PublishedRecord> {

  private final RecordToPublish record;
  private final byte[] headers;
  private final long timestamp;
  private final long bytes;

  // Set before it is given to a writer.
  private TopicPublisher publisher;
  private LogPlace place;

  /**
   * @param nowMs its timestamp, where it brings none
   * @param bytes by which the bounds of publishing count it
   */
  Append(RecordToPublish record, long nowMs, long bytes, Duration patience) {
    super(patience);
    this.record = record;
    this.headers = HeaderCodec.encode(record.headers());
    this.timestamp = record.timestamp().orElse(nowMs);
    this.bytes = bytes;
  }

  void placeAt(LogPlace found, TopicPublisher by) {
    place = found;
    publisher = by;
  }

  /** Empty where the key chooses it. */
  OptionalInt partition() {
    return record.partition();
  }

  byte[] key() {
    return record.key();
  }

  byte[] value() {
    return record.value();
  }

  byte[] headers() {
    return headers;
  }

  long timestamp() {
    return timestamp;
  }

  /** By which retention counts it: the bytes of its columns. */
  long storedBytes() {
    return length(key()) + length(value()) + length(headers);
  }

  private static long length(byte[] array) {
    return array == null ? 0 : array.length;
  }

  /** Its offset, to be answered once it is committed. */
  void answerOffset(long offset) {
    answer(new PublishedRecord(record.topic(), place.partition(), offset));
  }

  /** Its partition is not there any more; the others of the transaction are committed. */
  void refuseAsGone() {
    publisher.forget();
    refuse(
        StorageException.notStored(
            Kind.UNAVAILABLE,
            "topic %s was deleted or made anew meanwhile; publish again"
                .formatted(record.topic())));
  }

  @Override
  protected ChangeKind<?> kind() {
    return publisher.kind();
  }

  @Override
  protected long log() {
    return place.id();
  }

  @Override
  protected String place() {
    return record.topic() + "/" + place.partition();
  }

  @Override
  protected long bytes() {
    return bytes;
  }

  @Override
  protected boolean waitsForDatabase() {
    return true;
  }

  /** Before it is answered: who reads it then finds it. */
  @Override
  protected void onCommitted(PublishedRecord answer) {
    publisher.kind().ends().advance(place.id(), Offsets.next(answer.offset()));
  }
}
