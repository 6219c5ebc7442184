package io.liiklus.server.ops;

import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page {@code /health}. Asks both storages at once; requests that come meanwhile share the
 * outcome, so that no number of clients asks the storages faster. Confined to the event loop of the
 * HTTP port, but for the phase.
 */
final class HealthPage {

  private static final Logger log = LoggerFactory.getLogger(HealthPage.class);

  /** How long a storage may take to answer. */
  private static final long STORAGE_MS = 2_000;

  /** What the process does. */
  enum Phase {
    STARTING,
    SERVING,
    DRAINING
  }

  private final RecordsStorage records;
  private final PositionsStorage positions;

  /** Any thread. */
  private volatile Phase phase = Phase.STARTING;

  private CompletableFuture<Answer> latest;

  HealthPage(RecordsStorage records, PositionsStorage positions) {
    this.records = records;
    this.positions = positions;
  }

  /** Any thread. */
  void enter(Phase next) {
    phase = next;
  }

  CompletionStage<Answer> answer() {
    if (latest == null || latest.isDone()) {
      latest =
          isUp("records", records::check)
              .thenCombine(isUp("positions", positions::check), this::answer);
    }
    return latest;
  }

  private Answer answer(boolean hasRecords, boolean hasPositions) {
    var now = phase;
    boolean isUp = hasRecords && hasPositions && now == Phase.SERVING;
    var body =
        ("{\"status\":\"%s\",\"records\":\"%s\",\"positions\":\"%s\",\"starting\":%s,"
                + "\"draining\":%s}")
            .formatted(
                word(isUp),
                word(hasRecords),
                word(hasPositions),
                now == Phase.STARTING,
                now == Phase.DRAINING);
    return Answer.json(isUp ? OK : SERVICE_UNAVAILABLE, body);
  }

  private static String word(boolean isUp) {
    return isUp ? "UP" : "DOWN";
  }

  private static CompletableFuture<Boolean> isUp(
      String storage, Supplier<CompletionStage<Void>> check) {
    return within(STORAGE_MS, check)
        .handle(
            (up, failure) -> {
              if (failure != null) {
                log.debug(
                    "health check failed, storage={} reason={}",
                    storage,
                    StorageException.of(failure).getMessage());
              }
              return failure == null;
            });
  }

  /** What a storage answers; fails where it takes longer. */
  static <T> CompletableFuture<T> within(long boundMs, Supplier<CompletionStage<T>> question) {
    try {
      // A copy: the storage's own future is not ended by our bound.
      return question.get().toCompletableFuture().copy().orTimeout(boundMs, TimeUnit.MILLISECONDS);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }
}
