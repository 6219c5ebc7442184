package io.liiklus.api;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Records of one partition in the order of their offsets, which rise and may have gaps. Never
 * empty. Records are asked for by their index in the batch, from 0, so that no object is needed for
 * each. Reading resumes behind the batch at {@link Offsets#next} of its last offset. Thread-safe.
 *
 * <p>A batch stays valid for as long as it is referenced, and may pin far more memory than its own
 * bytes: a reader that keeps one for long keeps a {@link #copyFrom copy}. Buffers are views:
 * readers {@code duplicate()} or use absolute gets, and never write.
 */
public interface RecordBatch {

  /** Number of records; at least 1. */
  int size();

  long offset(int index);

  /** Milliseconds since 1970, negative where the record has none. */
  long timestamp(int index);

  /** Null where the record has no key. */
  ByteBuffer key(int index);

  /** Null where the record is a tombstone. */
  ByteBuffer value(int index);

  /** The headers in order; keys may repeat. */
  List<Header> headers(int index);

  /** Approximate bytes of keys, values and headers in the batch. */
  long bytes();

  /**
   * Attachment of the batch's readers, such as its encoded form, so that the readers that share the
   * batch make it once. Null where no other reader gets this batch.
   */
  default AtomicReference<Object> attachment() {
    return null;
  }

  /**
   * The records from this index on, in memory that has little else; this batch, where its memory
   * has.
   */
  default RecordBatch copyFrom(int index) {
    return CopiedBatch.of(this, index);
  }
}
