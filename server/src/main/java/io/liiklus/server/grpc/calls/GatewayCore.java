package io.liiklus.server.grpc.calls;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.server.authorization.Access;
import io.liiklus.server.inflight.InflightMetrics;
import io.liiklus.server.processing.Processing;
import io.liiklus.server.session.Acks;
import io.liiklus.server.session.Sessions;

/**
 * The gateway without its ports: the storages, what runs on them, and the policy of who may use it.
 * Thread-safe.
 */
public record GatewayCore(
    RecordsStorage records,
    PositionsStorage positions,
    Sessions sessions,
    Acks acks,
    InflightMetrics inflight,
    Processing processing,
    Access access) {}
