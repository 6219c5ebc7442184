package io.liiklus.positions.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Factory of connections, and the one place where Lettuce is set up. Thread-safe.
 *
 * <p>Threads: Lettuce's own, two for connections and two for the rest, all daemons. The latter also
 * run our timers.
 */
final class RedisConnectionFactory {

  private static final Logger log = LoggerFactory.getLogger(RedisConnectionFactory.class);

  /** Timeout of each step of closing. */
  private static final long CLOSE_MS = 1_000;

  private static final int THREADS = 2;

  /** Opening takes connections, handshakes and requests for the topology, one after the other. */
  private static final int TIMEOUTS_PER_LINK = 4;

  /** More commands than our bound on calls sends: one call is several commands. */
  private static final int COMMANDS_PER_CALL = 4;

  private static final int MIN_COMMANDS = 10_000;

  /** An idle peer that died without a word is noticed after idle + count x interval. */
  private static final Duration KEEPALIVE_IDLE = Duration.ofSeconds(15);

  private static final Duration KEEPALIVE_INTERVAL = Duration.ofSeconds(5);
  private static final int KEEPALIVE_COUNT = 3;
  private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(15);
  private static final Duration TOPOLOGY_PAUSE = Duration.ofSeconds(1);

  private final RedisSettings settings;
  private final ClientResources resources;

  /** Clients: one for each connection, and one for the attempt that is under way. */
  private final Set<AbstractRedisClient> clients = ConcurrentHashMap.newKeySet();

  private final Map<AbstractRedisClient, StatefulConnection<?, ?>> connections =
      new ConcurrentHashMap<>();

  RedisConnectionFactory(RedisSettings settings) {
    this.settings = settings;
    this.resources =
        DefaultClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .reconnectDelay(
                () ->
                    Delay.fullJitter(
                        ConnectBackoff.FIRST,
                        settings.reconnectDelay(),
                        ConnectBackoff.FIRST.toMillis(),
                        TimeUnit.MILLISECONDS))
            .build();
    settings.target().all().forEach(this::boundSteps);
  }

  /** Bound on Lettuce's wait at each step of a handshake. */
  private void boundSteps(RedisURI uri) {
    uri.setTimeout(settings.connectTimeout());
    uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(settings.connectTimeout()));
  }

  ScheduledExecutorService timers() {
    return resources.eventExecutorGroup();
  }

  /** Connects, once, within a bound. Where it fails nothing is left open. */
  CompletionStage<RedisConnection> open() {
    return settings.target().cluster() ? openCluster() : openSingle();
  }

  /** Ends one client, or an attempt: the connection first, or Lettuce warns of its nodes. */
  private CompletionStage<Void> shutDown(AbstractRedisClient client) {
    clients.remove(client);
    var connection = connections.remove(client);
    var closed =
        connection == null
            ? CompletableFuture.<Void>completedFuture(null)
            : connection.closeAsync();
    return closed.thenCompose(done -> client.shutdownAsync(0, CLOSE_MS, TimeUnit.MILLISECONDS));
  }

  /** Ends all connections, attempts and threads; waits for it, within a bound. */
  void close() {
    var closing = clients.stream().map(this::shutDown).map(CompletionStage::toCompletableFuture);
    try {
      CompletableFuture.allOf(closing.toArray(CompletableFuture<?>[]::new))
          .get(CLOSE_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException notInOrder) {
      log.debug("connection to Redis not closed in order", notInOrder);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      var ended = resources.shutdown(0, CLOSE_MS, TimeUnit.MILLISECONDS);
      ended.await(2 * CLOSE_MS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private CompletionStage<RedisConnection> openSingle() {
    var target = settings.target();
    var first = openSingle(target.uris().get(0));
    return target
        .secondTry()
        .map(second -> first.exceptionallyCompose(refusal -> trySecond(second, refusal)))
        .orElse(first);
  }

  private CompletionStage<RedisConnection> trySecond(RedisURI uri, Throwable refusal) {
    return RedisFailures.isLoginMissing(refusal)
        ? openSingle(uri)
        : CompletableFuture.failedStage(refusal);
  }

  private CompletionStage<RedisConnection> openSingle(RedisURI uri) {
    var client = new AsyncClient(resources);
    clients.add(client);
    client.setOptions(common(ClientOptions.builder()).autoReconnect(false).build());
    return openedOrClosed(
        client,
        client
            .connectAsync(StringCodec.UTF8, uri)
            .thenApply(connection -> singleLink(client, connection)));
  }

  private SingleConnection singleLink(
      AsyncClient client, StatefulRedisConnection<String, String> connection) {
    connections.put(client, connection);
    return new SingleConnection(connection, () -> shutDown(client));
  }

  private CompletionStage<RedisConnection> openCluster() {
    var client = RedisClusterClient.create(resources, settings.target().uris());
    clients.add(client);
    client.setOptions(clusterOptions());
    return openedOrClosed(
        client,
        client
            .refreshPartitionsAsync()
            .thenCompose(known -> client.connectAsync(StringCodec.UTF8))
            .thenCompose(connection -> clusterLink(client, connection).warmUp()));
  }

  private ClusterConnection clusterLink(
      RedisClusterClient client, StatefulRedisClusterConnection<String, String> connection) {
    connections.put(client, connection);
    var link = new ClusterConnection(connection, () -> shutDown(client));
    client.addListener(link);
    return link;
  }

  private CompletionStage<RedisConnection> openedOrClosed(
      AbstractRedisClient client, CompletionStage<? extends RedisConnection> opening) {
    var bound = settings.connectTimeout().multipliedBy(TIMEOUTS_PER_LINK);
    // A future of its own: a timeout must not be set on Lettuce's.
    CompletableFuture<RedisConnection> opened =
        opening.<RedisConnection>thenApply(link -> link).toCompletableFuture();
    return opened
        .orTimeout(bound.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete(
            (link, failure) -> {
              if (failure != null) {
                var unused = shutDown(client);
              }
            });
  }

  private ClusterClientOptions clusterOptions() {
    var builder = ClusterClientOptions.builder();
    common(builder);
    return builder
        .topologyRefreshOptions(
            ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(TOPOLOGY_REFRESH)
                .adaptiveRefreshTriggersTimeout(TOPOLOGY_PAUSE)
                .build())
        .build();
  }

  /**
   * Keeps an old write from arriving late: commands are rejected while disconnected, which also
   * fails those under way when a connection breaks; and the replay filter drops the few that are
   * caught in between (they then run into their timeout), where Lettuce would keep them for the
   * next connection.
   */
  private ClientOptions.Builder common(ClientOptions.Builder builder) {
    return builder
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .replayFilter(command -> true)
        .requestQueueSize(Math.max(MIN_COMMANDS, COMMANDS_PER_CALL * settings.maxPendingCalls()))
        .timeoutOptions(
            TimeoutOptions.builder()
                .timeoutCommands()
                .fixedTimeout(settings.commandTimeout())
                .build())
        // Would stretch timeouts when a server announces its maintenance.
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(settings.connectTimeout())
                .keepAlive(
                    SocketOptions.KeepAliveOptions.builder()
                        .enable()
                        .idle(KEEPALIVE_IDLE)
                        .interval(KEEPALIVE_INTERVAL)
                        .count(KEEPALIVE_COUNT)
                        .build())
                .build());
  }
}
