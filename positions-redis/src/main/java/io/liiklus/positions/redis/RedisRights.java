package io.liiklus.positions.redis;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;

/** What the gateway's user has to be allowed in Redis. Immutable. */
final class RedisRights {

  /** For a Redis that is no cluster; a cluster is asked for its nodes, too. */
  private static final String COMMANDS = "ping, scan, smembers, hgetall, sadd and hset";

  private RedisRights() {}

  /** The same failure; of a refusal with what to allow. */
  static StorageException advised(StorageException failure, PositionKeys keys) {
    if (failure.kind() != Kind.REFUSED) {
      return failure;
    }
    var text =
        "%s (the gateway needs %s, on the keys %s and %s*)"
            .formatted(failure.getMessage(), COMMANDS, keys.pattern(), keys.groupsIndex());
    return new StorageException(failure.kind(), text, failure.getCause());
  }
}
