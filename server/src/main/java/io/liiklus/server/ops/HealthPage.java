package io.liiklus.server.ops;

import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Page {@code /health}. Asks both storages at once; requests that come meanwhile share the outcome,
 * so that no number of clients asks the storages faster. Confined to the event loop of the HTTP
 * port, but for the phase.
 */
final class HealthPage {

  private static final Logger log = LoggerFactory.getLogger(HealthPage.class);

  /** Time that a storage has to answer. */
  private static final long STORAGE_MS = 2_000;

  /** Phases of the process. */
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
          fault("records", records::check)
              .thenCombine(fault("positions", positions::check), this::answer);
    }
    return latest;
  }

  /** The answer for the fault of each storage; empty where it answers. */
  private Answer answer(Optional<String> ofRecords, Optional<String> ofPositions) {
    var now = phase;
    boolean isUp = ofRecords.isEmpty() && ofPositions.isEmpty() && now == Phase.SERVING;
    var reasons = Stream.of(ofRecords, ofPositions).flatMap(Optional::stream).toList();
    var body =
        ("{\"status\":\"%s\",\"records\":\"%s\",\"positions\":\"%s\",\"starting\":%s,"
                + "\"draining\":%s%s}")
            .formatted(
                word(isUp),
                word(ofRecords.isEmpty()),
                word(ofPositions.isEmpty()),
                now == Phase.STARTING,
                now == Phase.DRAINING,
                reasons.isEmpty()
                    ? ""
                    : ",\"reason\":\"" + escaped(String.join("; ", reasons)) + '"');
    return Answer.json(isUp ? OK : SERVICE_UNAVAILABLE, body);
  }

  private static String word(boolean isUp) {
    return isUp ? "UP" : "DOWN";
  }

  /** As a text in JSON; a character that needs an escape becomes a blank. */
  private static String escaped(String text) {
    return text.replaceAll("\\p{Cntrl}", " ").replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static CompletableFuture<Optional<String>> fault(
      String storage, Supplier<CompletionStage<Void>> check) {
    return within(check)
        .handle(
            (up, failure) -> {
              if (failure == null) {
                return Optional.empty();
              }
              var reason = reason(failure);
              log.debug("health check failed, storage={} reason={}", storage, reason);
              return Optional.of(storage + ": " + reason);
            });
  }

  /** Of what {@link #within} failed with. */
  static String reason(Throwable failure) {
    return failure instanceof TimeoutException
        ? "no answer within " + STORAGE_MS + " ms"
        : StorageException.of(failure).getMessage();
  }

  /** The storage's answer; fails where it takes longer than {@link #STORAGE_MS}. */
  static <T> CompletableFuture<T> within(Supplier<CompletionStage<T>> request) {
    return within(STORAGE_MS, request);
  }

  /**
   * A future of our own, and none that is derived of the storage's: Kafka's ignore a timeout, as
   * they refuse to be completed, and so does whatever is derived of them.
   */
  static <T> CompletableFuture<T> within(long boundMs, Supplier<CompletionStage<T>> request) {
    var bounded = new CompletableFuture<T>();
    try {
      var unused =
          request
              .get()
              .whenComplete(
                  (answer, failure) -> {
                    if (failure == null) {
                      bounded.complete(answer);
                    } else {
                      bounded.completeExceptionally(failure);
                    }
                  });
    } catch (RuntimeException failure) {
      bounded.completeExceptionally(failure);
    }
    return bounded.orTimeout(boundMs, TimeUnit.MILLISECONDS);
  }
}
