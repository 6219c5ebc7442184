package io.liiklus.positions.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * An open connection to one Redis, or to all nodes of a cluster. It never sends a command twice: a
 * write that was under way when the connection broke has failed, and might otherwise land on top of
 * a newer one. Thread-safe.
 */
interface RedisConnection {

  /** Routed by key, where there is more than one node. */
  RedisClusterAsyncCommands<String, String> commands();

  IndexedKeys indexed();

  /** Every node that holds keys to write to, as of now; one that is away fails by itself. */
  List<CompletionStage<RedisClusterAsyncCommands<String, String>>> masters();

  /** Whether a broken connection is mended by opening a new link, and not by the link itself. */
  boolean endsWhenBroken();

  /** Runs the task when the link has ended, at once where it already has. */
  void onEnd(Runnable task);

  CompletionStage<Void> close();

  /** What every master says to a PING; empty where the masters are not known. */
  default CompletionStage<List<PingReply>> ping() {
    return BoundedConcurrency.ask(
        masters(),
        master ->
            master
                .thenCompose(RedisClusterAsyncCommands::ping)
                .handle((pong, failure) -> new PingReply(failure)));
  }
}
