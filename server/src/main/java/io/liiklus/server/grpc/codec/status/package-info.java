/**
 * Failures as the gRPC statuses that clients get, with the trailer of a publish that was not
 * stored. A refused request is a {@link io.liiklus.server.grpc.codec.status.BadRequest}; its text
 * names the field and says what is allowed.
 */
package io.liiklus.server.grpc.codec.status;
