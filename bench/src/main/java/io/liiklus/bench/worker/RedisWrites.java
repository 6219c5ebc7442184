package io.liiklus.bench.worker;

import java.util.Set;
import java.util.regex.Pattern;

/** Number of commands that write, from {@code INFO commandstats}. Immutable. */
final class RedisWrites {

  private static final Pattern STATISTICS = Pattern.compile("cmdstat_([a-z]+):calls=(\\d+)");

  private static final Set<String> WRITES =
      Set.of("hset", "hmset", "hsetnx", "hdel", "sadd", "srem", "set", "del", "eval", "evalsha");

  private RedisWrites() {}

  static long count(String info) {
    long count = 0;
    var statistics = STATISTICS.matcher(info);
    while (statistics.find()) {
      if (WRITES.contains(statistics.group(1))) {
        count += Long.parseLong(statistics.group(2));
      }
    }
    return count;
  }
}
