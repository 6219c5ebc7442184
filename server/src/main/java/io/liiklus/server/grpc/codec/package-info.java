/**
 * The messages of clients in the storages' terms, and back. Nothing here waits, and nothing has
 * state.
 *
 * <p>Events are stored as CloudEvents 1.0 in Kafka's binary content mode (CloudEvents' Kafka
 * protocol binding, 3.2): attributes as {@code ce_} headers, the data as the value. Read are the
 * structured mode (3.3) and the JSON event format too.
 */
package io.liiklus.server.grpc.codec;
