package io.liiklus.storage.read;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Records as a fetch of {@link FakeLogReader} returns them. Immutable, but for its attachment. */
final class FakeBatch implements FetchedBatch {

  private final List<FakeLog.Entry> records;
  private AtomicReference<Object> attachment;

  FakeBatch(List<FakeLog.Entry> records) {
    this.records = records;
  }

  /** Records of 10 bytes, from the first offset to the last. */
  static FakeBatch of(int epoch, long first, long last) {
    var log = new FakeLog();
    log.epoch = epoch;
    for (long offset = first; offset <= last; offset++) {
      log.add(offset, 10);
    }
    return new FakeBatch(List.copyOf(log.records.values()));
  }

  @Override
  public int size() {
    return records.size();
  }

  @Override
  public long offset(int index) {
    return records.get(index).offset();
  }

  @Override
  public int epoch(int index) {
    return records.get(index).epoch();
  }

  @Override
  public long timestamp(int index) {
    return 0;
  }

  @Override
  public ByteBuffer key(int index) {
    return null;
  }

  @Override
  public ByteBuffer value(int index) {
    return records.get(index).value();
  }

  @Override
  public List<Header> headers(int index) {
    return List.of();
  }

  @Override
  public long bytes() {
    return records.stream()
        .mapToLong(record -> RecordBytes.of(null, record.value(), List.of()))
        .sum();
  }

  @Override
  public void share() {
    attachment = new AtomicReference<>();
  }

  @Override
  public AtomicReference<Object> attachment() {
    return attachment;
  }
}
