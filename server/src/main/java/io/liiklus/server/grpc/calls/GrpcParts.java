package io.liiklus.server.grpc.calls;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.server.authorization.Access;
import io.liiklus.server.processing.Processing;
import io.liiklus.server.session.Acks;
import io.liiklus.server.session.Sessions;

/** Storages, sessions and processors behind the calls, and who may use them. Thread-safe. */
public record GrpcParts(
    RecordsStorage records,
    PositionsStorage positions,
    Sessions sessions,
    Acks acks,
    Processing processing,
    Access access) {}
