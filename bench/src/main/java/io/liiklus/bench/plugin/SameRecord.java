package io.liiklus.bench.plugin;

import io.liiklus.api.RecordPreProcessor;
import io.liiklus.api.RecordToPublish;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Processor that leaves every record as it is. Immutable. */
public final class SameRecord implements RecordPreProcessor {

  @Override
  public CompletionStage<RecordToPublish> preProcess(RecordToPublish record) {
    return CompletableFuture.completedFuture(record);
  }
}
