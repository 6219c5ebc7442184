package io.liiklus.server.schema;

import io.liiklus.api.Metric;
import io.liiklus.api.RecordPreProcessor;
import io.liiklus.api.RecordRefusedException;
import io.liiklus.api.RecordToPublish;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Refuses records that do not fit the JSON schema of their type. Tombstones have none and pass.
 * Thread-safe.
 *
 * <p>A small value is checked on the event loop that published it, which costs less than a change
 * of threads; a larger one on threads of its own, so that the loop serves its other clients
 * meanwhile. What waits there is bounded by {@code publish.maxWaitingBytes}.
 */
public final class JsonSchemaPreProcessor implements RecordPreProcessor {

  /** Bytes of the largest value that is checked on an event loop, in about 0.25 ms. */
  private static final int LOOP_BYTES = 16 * 1024;

  private static final int WORKERS = 2;
  private static final long IDLE_SECONDS = 60;

  private final SchemaOptions options;
  private final SchemaReload schemas;
  private final ExecutorService workers;

  private JsonSchemaPreProcessor(SchemaOptions options, SchemaReload schemas) {
    this.options = options;
    this.schemas = schemas;
    this.workers = workers();
  }

  /**
   * Reads the document.
   *
   * @throws IOException where it cannot be used, naming the setting
   */
  public static JsonSchemaPreProcessor open(SchemaOptions options) throws IOException {
    return new JsonSchemaPreProcessor(options, SchemaReload.open(options));
  }

  private static ExecutorService workers() {
    var number = new AtomicInteger();
    var workers =
        new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              var thread = new Thread(task, "liiklus-schema-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }

  @Override
  public CompletionStage<RecordToPublish> preProcess(RecordToPublish record) {
    if (record.value() == null) {
      return CompletableFuture.completedFuture(record);
    }
    if (record.value().length > LOOP_BYTES) {
      return CompletableFuture.supplyAsync(() -> checked(record), workers);
    }
    try {
      return CompletableFuture.completedFuture(checked(record));
    } catch (RecordRefusedException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private RecordToPublish checked(RecordToPublish record) {
    var event = TypedEvent.read(record, options.typePointer());
    schemas.current().check(event, record.value().length);
    return record;
  }

  /** Metrics of the schemas. */
  public List<Metric> metrics() {
    return List.of(
        new Metric(
            "schema_types", "Types of events that have a schema.", () -> schemas.current().size()),
        new Metric(
            "schema_reload_failures_total",
            "Looks for changed schemas at which these could not be read or used.",
            schemas::failures));
  }

  @Override
  public void close() {
    schemas.close();
    workers.shutdownNow();
  }
}
