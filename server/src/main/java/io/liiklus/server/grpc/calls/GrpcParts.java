package io.liiklus.server.grpc.calls;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.server.session.Acks;
import io.liiklus.server.session.Sessions;

/** Storages and sessions behind the calls. Thread-safe. */
public record GrpcParts(
    RecordsStorage records, PositionsStorage positions, Sessions sessions, Acks acks) {}
