/**
 * Quotas of the principals that call on a connection: {@code QuotaInterceptor} has a {@code
 * ConnectionQuotas} for each connection, in which each call finds those of its principal.
 */
package io.liiklus.server.grpc.quota;
