/** Quotas of the principals that call on a connection, which each call finds by its principal. */
package io.liiklus.server.grpc.quota;
