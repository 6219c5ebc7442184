package io.liiklus.positions.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Map;
import java.util.TreeMap;

/** Plays the part of the original liiklus: reads and writes Redis in its way. */
final class Original implements AutoCloseable {

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;

  Original(String uri) {
    client = RedisClient.create(uri);
    connection = client.connect();
  }

  RedisCommands<String, String> redis() {
    return connection.sync();
  }

  void store(String key, int partition, long offset) {
    redis().hset(key, Integer.toString(partition), Long.toString(offset));
  }

  /** Takes every key with the prefix for a hash, and fails on any other. */
  Map<String, Map<String, String>> findAll(String prefix) {
    var found = new TreeMap<String, Map<String, String>>();
    for (var key : redis().keys(prefix + "*")) {
      found.put(key, redis().hgetall(key));
    }
    return found;
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown();
  }
}
