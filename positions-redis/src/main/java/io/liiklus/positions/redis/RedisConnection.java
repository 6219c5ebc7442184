package io.liiklus.positions.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Open connection to one Redis, or to all nodes of a cluster. It never sends a command twice: a
 * write that was under way when the connection broke has failed, and might otherwise overwrite a
 * newer one. Thread-safe.
 */
interface RedisConnection {

  /** Routed by key, where there is more than one node. */
  RedisClusterAsyncCommands<String, String> commands();

  IndexedKeys indexed();

  /** Every node that has keys to write to, as of now; one that is away fails by itself. */
  List<CompletionStage<RedisClusterAsyncCommands<String, String>>> masters();

  /** Whether a broken connection needs a new one, since it does not mend itself. */
  boolean endsWhenBroken();

  /** Runs the task when the connection has ended, at once where it already has. */
  void onEnd(Runnable task);

  CompletionStage<Void> close();

  /** Reply of every master to a PING; empty where the masters are not known. */
  default CompletionStage<List<PingReply>> ping() {
    return BoundedConcurrency.ask(
        masters(),
        master ->
            master
                .thenCompose(RedisClusterAsyncCommands::ping)
                .handle((pong, failure) -> new PingReply(failure)));
  }
}
