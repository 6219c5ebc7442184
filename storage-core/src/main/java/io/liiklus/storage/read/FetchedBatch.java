package io.liiklus.storage.read;

import io.liiklus.api.RecordBatch;

/**
 * Batch as a {@link LogReader} fetched it, with the epochs of its records. Immutable, but for its
 * attachment.
 */
public interface FetchedBatch extends RecordBatch {

  /** Epoch of the leader that wrote the record; {@link FetchPosition#UNKNOWN} without epochs. */
  default int epoch(int index) {
    return FetchPosition.UNKNOWN;
  }

  /** Makes room for an attachment, before several groups get the batch. */
  void share();
}
