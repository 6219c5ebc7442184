package io.liiklus.server.grpc.calls;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.server.session.Acks;
import io.liiklus.server.session.Sessions;

/** What the calls are served from. Thread-safe. */
public record GrpcParts(
    RecordsStorage records, PositionsStorage positions, Sessions sessions, Acks acks) {}
