/**
 * Pages of operators, over HTTP: {@code /health}, {@code /health/live} and {@code /prometheus}. On
 * an event loop of its own, away from those of records, and on one thread that collects metrics.
 *
 * <pre>
 * bytes -> HTTP decoder -> one at a time -> OpsConnection -> Pages -> HealthPage
 *                                                                   -> MetricsPage (its thread)
 * </pre>
 */
package io.liiklus.server.ops;
