package io.liiklus.storage.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.RecordBatch;
import io.liiklus.api.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What a read has been answered with by now. */
public final class SteppedReads {

  private SteppedReads() {}

  public static List<Long> offsets(CompletionStage<RecordBatch> read) {
    var batch = read.toCompletableFuture().getNow(null);
    assertThat(batch).as("a batch").isNotNull();
    var offsets = new ArrayList<Long>();
    for (int i = 0; i < batch.size(); i++) {
      offsets.add(batch.offset(i));
    }
    return offsets;
  }

  public static StorageException failure(CompletionStage<?> read) {
    var failed = read.toCompletableFuture().handle((found, failure) -> failure).getNow(null);
    assertThat(failed).as("a failure").isNotNull();
    return StorageException.of(failed);
  }
}
