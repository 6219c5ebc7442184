package io.liiklus.positions.redis;

import io.liiklus.api.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of root {@code redis}, checked; {@code reference.conf} has the meaning of each.
 * Immutable.
 */
record RedisSettings(
    RedisTarget target,
    String prefix,
    Duration rescan,
    Duration connectTimeout,
    Duration commandTimeout,
    Duration heartbeat,
    Duration reconnectDelay,
    int maxPendingCalls) {

  private static final int DEFAULT_PORT = 6_379;
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(50);

  private static final Duration SHORTEST_RECONNECT = ConnectBackoff.FIRST.multipliedBy(2);

  /** Empty where the target cannot be used; the settings have every reason. */
  static Optional<RedisSettings> read(Settings settings) {
    var target = target(settings);
    var prefix = prefix(settings);
    var rescan = settings.duration("rescan", Duration.ofMillis(100), Duration.ofDays(1));
    var connectTimeout = settings.duration("connectTimeout", SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
    var commandTimeout = settings.duration("commandTimeout", SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
    var heartbeat = settings.duration("heartbeat", Duration.ofMillis(100), Duration.ofMinutes(5));
    var reconnectDelay = settings.duration("reconnectDelay", SHORTEST_RECONNECT, LONGEST_TIMEOUT);
    int maxPendingCalls = settings.integer("maxPendingCalls", 1, 1_000_000);
    if (target.isEmpty() || prefix.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new RedisSettings(
            target.get(),
            prefix.get(),
            rescan,
            connectTimeout,
            commandTimeout,
            heartbeat,
            reconnectDelay,
            maxPendingCalls));
  }

  private static Optional<RedisTarget> target(Settings settings) {
    var host = settings.text("host");
    int port = settings.integer("port", 1, RedisTarget.MAX_PORT);
    var uri = settings.text("uri");
    var access = SentinelAccess.read(settings);
    if (host.isEmpty() == uri.isEmpty()) {
      settings.refuse(
          "uri",
          host.isEmpty()
              ? "neither redis.host nor redis.uri is set: set one of them"
              : "redis.host and redis.uri are both set: set one of them");
      return Optional.empty();
    }
    if (!uri.isEmpty() && port != DEFAULT_PORT) {
      settings.warn("port", "has no effect: redis.uri says where Redis is");
    }
    try {
      var target = uri.isEmpty() ? RedisTarget.ofHost(host, port) : RedisTarget.ofUri(uri, access);
      if (!target.hasSentinels()) {
        access.warnUnused(settings);
      }
      return Optional.of(target);
    } catch (IllegalArgumentException refused) {
      settings.refuse(uri.isEmpty() ? "host" : "uri", refused.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<String> prefix(Settings settings) {
    var prefix = settings.text("positionsProperties.prefix");
    if (prefix.isEmpty()) {
      settings.refuse(
          "positionsProperties.prefix", "is empty: every key of this Redis would be a position");
      return Optional.empty();
    }
    if (prefix.chars().allMatch(c -> c == PositionKeys.INDEX_MARK)) {
      settings.refuse(
          "positionsProperties.prefix",
          "is made of ~ alone: the index, which puts a ~ before it, would begin with it too");
      return Optional.empty();
    }
    return Optional.of(prefix);
  }
}
