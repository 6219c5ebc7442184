/**
 * Messages of clients in the storages' terms, and back. Nothing here waits, and only a reply that
 * is being encoded has state.
 *
 * <pre>
 *   request   requests parsed and checked; a record to store of a publish
 *   reply     replies encoded straight from stored records
 *   event     CloudEvents as records: attributes, JSON, time
 *   status    failures as gRPC statuses
 * </pre>
 *
 * request and reply see event, and all of them see status.
 */
package io.liiklus.server.grpc.codec;
