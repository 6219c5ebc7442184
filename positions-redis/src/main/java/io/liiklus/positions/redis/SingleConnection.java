package io.liiklus.positions.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Connection to one Redis; Sentinel, where it is used, was asked when it opened. Thread-safe. */
final class SingleConnection implements RedisConnection {

  private final StatefulRedisConnection<String, String> connection;
  private final Supplier<CompletionStage<Void>> closing;
  private final IndexedKeys indexed = new IndexedKeys();

  SingleConnection(
      StatefulRedisConnection<String, String> connection, Supplier<CompletionStage<Void>> closing) {
    this.connection = connection;
    this.closing = closing;
  }

  @Override
  public RedisClusterAsyncCommands<String, String> commands() {
    return connection.async();
  }

  @Override
  public IndexedKeys indexed() {
    return indexed;
  }

  @Override
  public List<CompletionStage<RedisClusterAsyncCommands<String, String>>> masters() {
    return List.of(CompletableFuture.completedFuture(connection.async()));
  }

  @Override
  public boolean endsWhenBroken() {
    return true;
  }

  @Override
  public void onEnd(Runnable task) {
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            task.run();
          }
        });
    if (!connection.isOpen()) {
      task.run();
    }
  }

  @Override
  public CompletionStage<Void> close() {
    return closing.get();
  }
}
