package com.example;

import io.liiklus.api.BatchEditor;
import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordPostProcessor;
import io.liiklus.api.RecordPreProcessor;
import io.liiklus.api.RecordRefusedException;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps records with the header {@code confidential} from clients, and adds to all others which
 * gateway took them. Thread-safe.
 */
public final class Confidential implements RecordPreProcessor, RecordPostProcessor {

  private static final String MARK = "confidential";

  private volatile Header gateway;

  @Override
  public String settingsRoot() {
    return "confidential";
  }

  @Override
  public void configure(Settings settings) {
    gateway = new Header("gateway", settings.text("gateway").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public CompletionStage<RecordToPublish> preProcess(RecordToPublish record) {
    if (record.headers().stream().anyMatch(header -> header.key().equals(gateway.key()))) {
      return CompletableFuture.failedFuture(
          new RecordRefusedException("headers: gateway is not allowed; the gateway sets it"));
    }
    List<Header> headers = new ArrayList<>(record.headers());
    headers.add(gateway);
    return CompletableFuture.completedFuture(record.withHeaders(headers));
  }

  @Override
  public CompletionStage<Optional<RecordBatch>> postProcess(
      String topic, int partition, RecordBatch batch) {
    BatchEditor editor = new BatchEditor(batch);
    for (int i = 0; i < batch.size(); i++) {
      if (batch.headers(i).stream().anyMatch(header -> header.key().equals(MARK))) {
        editor.drop(i);
      }
    }
    return CompletableFuture.completedFuture(editor.result());
  }
}
