package io.liiklus.positions.redis;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;

/** Rights that the gateway's user needs in Redis. Immutable. */
final class RedisRights {

  /** Commands for a single Redis; in a cluster there are two more. */
  private static final String COMMANDS = "ping, scan, smembers, hgetall, sadd and hset";

  private RedisRights() {}

  /** The same failure; for a refusal with the rights to grant. */
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
