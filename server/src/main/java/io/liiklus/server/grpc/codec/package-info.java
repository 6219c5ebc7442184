/**
 * Messages of clients in the storages' terms, and back. Nothing here waits, and only a reply that
 * is being encoded has state.
 *
 * <pre>
 *   package   has                                                           sees
 *   request   requests parsed and checked; a record to store of a publish   event, status
 *   reply     replies encoded straight from stored records                  event
 *   event     CloudEvents as records: attributes, JSON, time                status
 *   status    failures as gRPC statuses                                     none
 * </pre>
 */
package io.liiklus.server.grpc.codec;
