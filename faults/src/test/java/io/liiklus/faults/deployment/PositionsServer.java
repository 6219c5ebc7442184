package io.liiklus.faults.deployment;

import io.liiklus.testing.DynamoDbServer;
import io.liiklus.testing.PostgresServer;
import io.liiklus.testing.RedisServer;

/**
 * A server that has the positions and no records. Thread-safe, but one thread at a time should
 * break it.
 *
 * @param stop ends it, in order
 * @param restart starts it again, and returns when it serves
 * @param pause makes it hang
 * @param resume ends a pause
 */
public record PositionsServer(Runnable stop, Runnable restart, Runnable pause, Runnable resume) {

  static PositionsServer of(RedisServer redis) {
    return new PositionsServer(redis::stop, redis::restart, redis::pause, redis::resume);
  }

  static PositionsServer of(PostgresServer postgres) {
    return new PositionsServer(
        postgres::stop, postgres::restart, postgres::pause, postgres::resume);
  }

  static PositionsServer of(DynamoDbServer dynamo) {
    return new PositionsServer(dynamo::stop, dynamo::restart, dynamo::pause, dynamo::resume);
  }
}
