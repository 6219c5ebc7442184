package io.liiklus.server.ops;

import io.liiklus.api.AccessRequest.Operation;
import io.liiklus.api.Metric;
import io.liiklus.api.PositionId;
import io.liiklus.api.SubscriptionListener.SkipReason;
import io.liiklus.server.authorization.Access;
import io.liiklus.server.grpc.transport.CallCounter;
import io.liiklus.server.inflight.InflightMetrics;
import io.liiklus.server.processing.Processing;
import io.liiklus.server.processing.Processor;
import io.liiklus.server.quota.PrincipalQuota;
import io.liiklus.server.quota.Quotas;
import io.liiklus.server.session.Acks;
import io.liiklus.server.session.Sessions;
import io.liiklus.server.session.SkipCounter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Metrics of the gateway. Thread-safe.
 *
 * <p>Labels have bounded values: topics, groups, versions and partitions, methods, statuses and
 * processors; there are none of sessions and clients' addresses.
 */
public final class GatewayMetrics implements SkipCounter {

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final SkipMetrics skips = new SkipMetrics();

  PrometheusRegistry registry() {
    return registry;
  }

  /** Shows how much waits, and how much is open. */
  public void watch(Sessions sessions, Acks acks) {
    skips.register(registry, sessions::forEachAssignment);
    gauge("liiklus_sessions", "Open Subscribe and Consume calls.", sessions::count);
    gauge(
        "liiklus_unread_assignments",
        "Assignments that have records and, for too long, no Receive.",
        sessions::unreadCount);
    gauge("liiklus_acks_waiting", "Acks that are not stored yet.", acks::waiting);
    counter("liiklus_acks_stored_total", "Acks that were answered as stored.", acks::stored);
    counter(
        "liiklus_position_writes_total",
        "Writes of acks to the positions storage; one may hold many acks.",
        acks::writes);
  }

  /** Shows what is out without an ack, and what waits. */
  public void watch(InflightMetrics inflight) {
    new ConsumeMetrics(inflight).register(registry);
  }

  /** Shows the bytes of unfinished requests, and of publishes that wait. */
  public void watchRequests(LongSupplier unfinishedBytes, LongSupplier waitingPublishBytes) {
    gauge(
        "liiklus_unfinished_request_bytes",
        "What is held of requests that have not ended; see grpc.maxUnfinishedRequestBytes.",
        unfinishedBytes);
    gauge(
        "liiklus_waiting_publish_bytes",
        "Records that wait while the storage takes no more; see publish.maxWaitingBytes.",
        waitingPublishBytes);
  }

  /** Shows how many event loops do not turn. */
  public void watchLoops(LongSupplier heldUp) {
    gauge(
        "liiklus_event_loops_held_up",
        "Event loops that have not turned for seconds, with all their connections.",
        heldUp);
  }

  /** Shows how many connections were ended for an error of HTTP/2 on the client's side. */
  public void watchConnectionErrors(LongSupplier errors) {
    counter(
        "liiklus_connection_errors_total",
        "Connections, with all their calls, that were ended for an error of HTTP/2 of the client.",
        errors);
  }

  /** Shows how many calls ended, and how. */
  public void watchCalls(CallCounter calls) {
    CounterWithCallback.builder()
        .name("liiklus_calls_total")
        .help("Calls that have ended, by the status that they ended with.")
        .labelNames("method", "code")
        .callback(
            callback ->
                calls.forEach((method, code, count) -> callback.call((double) count, method, code)))
        .register(registry);
  }

  /** Shows whether the storages answered when they were last asked. */
  public void watchStorages(List<StorageWatch> watches) {
    GaugeWithCallback.builder()
        .name("liiklus_storage_up")
        .help("1: the storage answered when it was last asked; 0: it did not.")
        .labelNames("storage")
        .callback(
            callback ->
                watches.forEach(watch -> callback.call(watch.isUp() ? 1 : 0, watch.storage())))
        .register(registry);
  }

  /** Shows a storage's own metrics. */
  public void watch(List<Metric> metrics) {
    for (var metric : metrics) {
      var name = "liiklus_" + metric.name();
      if (metric.isCounter()) {
        counter(name, metric.help(), metric.value());
      } else {
        gauge(name, metric.help(), metric.value());
      }
    }
  }

  /** Shows what became of the records that each processor was given. */
  public void watch(Processing processing) {
    perProcessor(
        "liiklus_processor_refused_records_total",
        "Records that a processor refused on their way into the log.",
        processing,
        Processor::refused);
    perProcessor(
        "liiklus_processor_failures_total",
        "Records, or batches of records, at which a processor failed, or was not in time.",
        processing,
        Processor::failed);
    perProcessor(
        "liiklus_processor_dropped_records_total",
        "Records that a processor dropped on their way to a client.",
        processing,
        Processor::dropped);
  }

  /** Shows how many operations were denied. */
  public void watch(Access access) {
    CounterWithCallback.builder()
        .name("liiklus_denied_operations_total")
        .help("Operations that callers were not allowed, by authorization.")
        .labelNames("operation")
        .callback(
            callback -> {
              for (var operation : Operation.values()) {
                callback.call((double) access.denials(operation), operation.name());
              }
            })
        .register(registry);
  }

  /** Shows what principals use that quotas name without a pattern. */
  public void watch(Quotas quotas) {
    perPrincipal(
        "liiklus_quota_published_bytes_total",
        "Bytes of records that the principal has published.",
        quotas,
        PrincipalQuota::publishedBytes);
    perPrincipal(
        "liiklus_quota_received_bytes_total",
        "Bytes of replies with records that went to the principal.",
        quotas,
        PrincipalQuota::receivedBytes);
    perPrincipal(
        "liiklus_quota_waits_total",
        "How often the principal had to wait, as it was above a rate.",
        quotas,
        PrincipalQuota::waits);
    openPerPrincipal("connections", quotas, PrincipalQuota::connections);
    openPerPrincipal("sessions", quotas, PrincipalQuota::sessions);
  }

  private void openPerPrincipal(String what, Quotas quotas, ToLongFunction<PrincipalQuota> count) {
    GaugeWithCallback.builder()
        .name("liiklus_quota_" + what)
        .help("Open " + what + " of the principal.")
        .labelNames("principal")
        .callback(gauge -> eachPrincipal(quotas, count, gauge::call))
        .register(registry);
  }

  private void perPrincipal(
      String name, String help, Quotas quotas, ToLongFunction<PrincipalQuota> count) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("principal")
        .callback(counter -> eachPrincipal(quotas, count, counter::call))
        .register(registry);
  }

  /** A value with its label. */
  private interface Labelled {
    void call(double value, String principal);
  }

  private static void eachPrincipal(
      Quotas quotas, ToLongFunction<PrincipalQuota> count, Labelled metric) {
    quotas
        .named()
        .forEach((principal, quota) -> metric.call((double) count.applyAsLong(quota), principal));
  }

  private void perProcessor(
      String name, String help, Processing processing, ToLongFunction<Processor<?>> count) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("processor")
        .callback(
            callback ->
                processing
                    .names()
                    .forEach(each -> callback.call((double) processing.sum(each, count), each)))
        .register(registry);
  }

  private void gauge(String name, String help, LongSupplier size) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call((double) size.getAsLong()))
        .register(registry);
  }

  private void counter(String name, String help, LongSupplier count) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call((double) count.getAsLong()))
        .register(registry);
  }

  @Override
  public void onSkipped(PositionId id, SkipReason reason, long records) {
    skips.onSkipped(id, reason, records);
  }
}
