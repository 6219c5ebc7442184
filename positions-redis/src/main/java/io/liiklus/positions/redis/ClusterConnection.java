package io.liiklus.positions.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Connections to the nodes of a cluster. Lettuce follows the cluster's changes and connects again
 * to a node that was away; each time, the indexed keys are forgotten, since another node may have
 * taken over. Thread-safe.
 */
final class ClusterConnection implements RedisConnection, RedisConnectionStateListener {

  private final StatefulRedisClusterConnection<String, String> connection;
  private final Supplier<CompletionStage<Void>> closing;
  private final IndexedKeys indexed = new IndexedKeys();

  ClusterConnection(
      StatefulRedisClusterConnection<String, String> connection,
      Supplier<CompletionStage<Void>> closing) {
    this.connection = connection;
    this.closing = closing;
  }

  @Override
  public void onRedisConnected(RedisChannelHandler<?, ?> node, SocketAddress address) {
    indexed.forget();
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
    var masters = new ArrayList<CompletionStage<RedisClusterAsyncCommands<String, String>>>();
    connections().forEach(node -> masters.add(node.thenApply(StatefulRedisConnection::async)));
    return masters;
  }

  /**
   * Opens the missing connections: Lettuce refuses the first command to a node that it is not
   * connected to. Completes when every attempt has ended, and fails where none succeeded.
   */
  CompletionStage<RedisConnection> warmUp() {
    var nodes = connections();
    return CompletableFuture.allOf(nodes.toArray(CompletableFuture<?>[]::new))
        .handle(
            (done, failure) -> {
              if (nodes.stream().allMatch(CompletableFuture::isCompletedExceptionally)) {
                throw new CompletionException(
                    failure == null ? new IllegalStateException("it has no masters") : failure);
              }
              return this;
            });
  }

  /** Connections by host and port, and not by id, since commands go through those. */
  private List<CompletableFuture<StatefulRedisConnection<String, String>>> connections() {
    return connection.getPartitions().stream()
        .filter(ClusterConnection::isMasterWithSlots)
        .map(RedisClusterNode::getUri)
        .map(uri -> connection.getConnectionAsync(uri.getHost(), uri.getPort()))
        .toList();
  }

  private static boolean isMasterWithSlots(RedisClusterNode node) {
    return node.is(RedisClusterNode.NodeFlag.UPSTREAM) && !node.hasNoSlots();
  }

  @Override
  public boolean endsWhenBroken() {
    return false;
  }

  @Override
  public void onEnd(Runnable task) {
    // It ends only when it is closed.
  }

  @Override
  public CompletionStage<Void> close() {
    return closing.get();
  }
}
