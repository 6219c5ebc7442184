package io.liiklus.positions.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warnings of settings of Redis itself by which positions vanish: it evicts keys when its memory is
 * full, or keeps nothing on disk. Every master is asked when a connection opens and every {@code
 * redis.rescan} after that, since settings change and replicas take over. Each setting is warned of
 * once. A server that does not show its settings, as managed ones do not, is taken as it is.
 * Thread-safe.
 */
final class RedisServerCheck {

  private static final Logger log = LoggerFactory.getLogger(RedisServerCheck.class);

  /** After so many different settings there are no more WARNs. */
  private static final int MAX_WARNED = 16;

  private static final String UNLIMITED = "0";

  private final RedisSettings settings;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  RedisServerCheck(RedisSettings settings) {
    this.settings = settings;
  }

  void onOpen(RedisConnector connector, RedisConnection link) {
    BoundedConcurrency.ask(link.masters(), this::checkMaster)
        .whenComplete(
            (done, failure) -> connector.later(settings.rescan(), () -> again(connector, link)));
  }

  private void again(RedisConnector connector, RedisConnection link) {
    if (connector.isCurrent(link)) {
      onOpen(connector, link);
    }
  }

  /** Never fails: whether Redis can be reached is for others to say. */
  private CompletionStage<Void> checkMaster(
      CompletionStage<RedisClusterAsyncCommands<String, String>> master) {
    return master
        .thenCompose(
            commands ->
                CompletableFuture.allOf(heard(checkEviction(commands)), heard(checkDisk(commands))))
        .exceptionally(away -> null);
  }

  private static CompletableFuture<Void> heard(CompletionStage<Void> check) {
    return check
        .exceptionally(
            failure -> {
              log.debug("Redis refuses to return a setting, reason={}", failure.toString());
              return null;
            })
        .toCompletableFuture();
  }

  /** Checks eviction by INFO, which managed servers answer, while they refuse CONFIG. */
  private CompletionStage<Void> checkEviction(RedisClusterAsyncCommands<String, String> commands) {
    return commands
        .info("memory")
        .thenAccept(
            info -> {
              var fields = fields(info);
              var policy = fields.getOrDefault("maxmemory_policy", "");
              var maxMemory = fields.getOrDefault("maxmemory", UNLIMITED);
              if (evicts(policy) && !maxMemory.equals(UNLIMITED) && isNew(policy)) {
                log.warn(
                    "Redis evicts positions when its memory is full, and groups then lose their place:"
                        + " set its maxmemory-policy to noeviction, at={} maxmemory-policy={}"
                        + " maxmemory={}",
                    settings.target(),
                    policy,
                    maxMemory);
              }
            });
  }

  /** The keys of positions have no time to live, so volatile keys are evicted before them. */
  private static boolean evicts(String policy) {
    return !policy.isEmpty() && !policy.equals("noeviction") && !policy.startsWith("volatile-");
  }

  private CompletionStage<Void> checkDisk(RedisClusterAsyncCommands<String, String> commands) {
    return commands
        .configGet("appendonly")
        .thenCombine(
            commands.configGet("save"),
            (appendOnly, save) -> {
              boolean isKept =
                  !"no".equals(appendOnly.get("appendonly")) || !"".equals(save.get("save"));
              if (!isKept && isNew("no disk")) {
                log.warn(
                    "Redis keeps nothing on disk, and loses all positions when it restarts: set"
                        + " its appendonly to yes, at={}",
                    settings.target());
              }
              return null;
            });
  }

  /** Lines of {@code name:value}, and others. */
  private static Map<String, String> fields(String info) {
    return info.lines()
        .map(line -> line.split(":", 2))
        .filter(field -> field.length == 2)
        .collect(Collectors.toMap(field -> field[0], field -> field[1].strip(), (a, b) -> b));
  }

  private boolean isNew(String setting) {
    return warned.size() < MAX_WARNED && warned.add(setting);
  }
}
