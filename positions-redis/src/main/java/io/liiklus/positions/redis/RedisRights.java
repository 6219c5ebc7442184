package io.liiklus.positions.redis;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.StandingRefusal;

/** Rights that the gateway's user needs in Redis. Immutable. */
final class RedisRights {

  /** Commands for a single Redis; in a cluster there are two more. */
  private static final String COMMANDS = "ping, scan, smembers, hgetall, sadd and hset";

  /** Commands for rows of the coordination store, those of its script among them. */
  private static final String ROW_COMMANDS = "hgetall, eval, hget, hset and del";

  private RedisRights() {}

  /**
   * Notes the outcome of a write.
   *
   * @param failure null where it was stored
   */
  static void noteWrite(StorageException failure, StandingRefusal refusal) {
    if (failure == null) {
      refusal.onStored();
    } else if (isMissing(failure)) {
      refusal.onRefused(failure);
    }
  }

  /**
   * Whether the gateway's user lacks a right, or its login. Something else under the name of one
   * key is refused too, and that group's affair.
   */
  static boolean isMissing(StorageException failure) {
    return failure.kind() == Kind.REFUSED && !RedisFailures.isWrongType(failure);
  }

  /** The same failure; for a refusal with the rights to grant. */
  static StorageException advised(StorageException failure, PositionKeys keys) {
    return advised(failure, COMMANDS, keys.pattern() + " and " + keys.groupsIndex() + "*");
  }

  /** As {@link #advised}, for a change of a row of the coordination store. */
  static StorageException advisedForRows(StorageException failure, PositionKeys keys) {
    return advised(failure, ROW_COMMANDS, keys.row("*"));
  }

  private static StorageException advised(StorageException failure, String commands, String keys) {
    if (failure.kind() != Kind.REFUSED) {
      return failure;
    }
    var text =
        "%s (the gateway needs %s, on the keys %s)".formatted(failure.getMessage(), commands, keys);
    return new StorageException(failure.kind(), text, failure.getCause());
  }
}
