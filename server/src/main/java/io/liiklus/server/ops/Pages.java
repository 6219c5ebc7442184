package io.liiklus.server.ops;

import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.INTERNAL_SERVER_ERROR;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.UNAUTHORIZED;

import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.liiklus.server.runtime.WarnLimit;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages of the HTTP port, by their paths. None of them blocks. Confined to the event loop of
 * the HTTP port.
 */
final class Pages {

  private static final Logger log = LoggerFactory.getLogger(Pages.class);

  private static final Answer LIVE = Answer.json(OK, "{\"status\":\"UP\"}");
  private static final Answer UNKNOWN = Answer.text(NOT_FOUND, "not found");
  private static final Answer LATE =
      Answer.text(SERVICE_UNAVAILABLE, "this took too long; ask again");
  private static final Answer FAULT =
      Answer.text(INTERNAL_SERVER_ERROR, "a fault of the gateway; see its log");

  private static final Answer UNAUTHORIZED_PAGE =
      Answer.text(UNAUTHORIZED, "the token is missing or wrong (server.token)");

  private final HealthPage health;
  private final MetricsPage metrics;
  private final OpsAccess access;
  private final WarnLimit faults = new WarnLimit();

  Pages(HealthPage health, MetricsPage metrics, OpsAccess access) {
    this.health = health;
    this.metrics = metrics;
    this.access = access;
  }

  /** Does not end as a failure: where a page cannot be made, the answer says so. */
  CompletionStage<Answer> answer(HttpRequest request) {
    return switch (path(request.uri())) {
      case "/health/live" -> CompletableFuture.completedFuture(LIVE);
      case "/health" -> health.answer().exceptionally(this::failed);
      default ->
          access.permits(request)
              ? closedAnswer(request)
              : CompletableFuture.completedFuture(UNAUTHORIZED_PAGE);
    };
  }

  /** Of pages that may want a token. */
  private CompletionStage<Answer> closedAnswer(HttpRequest request) {
    if (path(request.uri()).equals("/prometheus")) {
      return metrics
          .answer(request.headers().get(HttpHeaderNames.ACCEPT))
          .exceptionally(this::failed);
    }
    return CompletableFuture.completedFuture(UNKNOWN);
  }

  /** Empty where there is none. */
  private static String path(String target) {
    int query = target.indexOf('?');
    try {
      var path = URI.create(query < 0 ? target : target.substring(0, query)).getPath();
      return path == null ? "" : path;
    } catch (IllegalArgumentException notOne) {
      return "";
    }
  }

  private Answer failed(Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException || cause instanceof RejectedExecutionException) {
      return LATE;
    }
    if (faults.permits()) {
      log.error("a page of the HTTP port failed (logged once a minute)", cause);
    }
    return FAULT;
  }
}
