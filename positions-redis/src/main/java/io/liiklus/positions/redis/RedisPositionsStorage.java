package io.liiklus.positions.redis;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.StandingRefusal;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Positions in Redis. A group {@code <name>-v<N>} of version 0 is version N of {@code <name>}, as
 * everywhere. Thread-safe.
 *
 * <p>An answer to {@link #store} means that the Redis master has the positions. A failover takes
 * back what was not replicated by then. A write that ran into its timeout may have been stored, or
 * still be.
 */
final class RedisPositionsStorage implements PositionsStorage {

  private final PositionKeys keys;
  private final IndexKeeper index;
  private final RedisServerCheck serverCheck;
  private final PositionsReader reader;
  private final StandingRefusal refusedWrites = new StandingRefusal(System::nanoTime);
  private final StandingRefusal refusedRows = new StandingRefusal(System::nanoTime);
  private final RedisConnector connector;
  private final RedisCalls calls;

  private RedisPositionsStorage(RedisSettings settings) {
    this.keys = new PositionKeys(settings.prefix());
    var odd = new ForeignKeys();
    this.index = new IndexKeeper(settings, keys, odd);
    this.serverCheck = new RedisServerCheck(settings);
    this.reader = new PositionsReader(keys, odd);
    this.connector =
        new RedisConnector(settings, new RedisConnectionFactory(settings), this::onOpen);
    this.calls = new RedisCalls(connector, settings.maxPendingCalls());
  }

  /** Returns at once; Redis is looked for in the background. */
  static RedisPositionsStorage open(RedisSettings settings) {
    var storage = new RedisPositionsStorage(settings);
    storage.connector.start();
    return storage;
  }

  private void onOpen(RedisConnection link) {
    index.onOpen(connector, link);
    serverCheck.onOpen(connector, link);
  }

  @Override
  public CompletionStage<Void> store(GroupPositions positions) {
    var topic = positions.topic();
    var group = positions.group().canonical();
    var key = keys.hash(topic, group.name(), group.version());
    var fields = PositionHash.write(positions.offsets());
    return calls
        .call(
            link ->
                link.indexed()
                    .write(
                        key,
                        () -> addToIndex(link, topic, group),
                        () -> link.commands().hset(key, fields).thenAccept(added -> {})))
        .whenComplete((stored, failure) -> onWritten(failure));
  }

  private void onWritten(Throwable failure) {
    RedisRights.noteWrite(
        failure == null ? null : RedisRights.advised(RedisFailures.of(failure), keys),
        refusedWrites);
  }

  /** Both at once: no write of the key begins before both are answered. */
  private CompletionStage<Void> addToIndex(RedisConnection link, String topic, GroupId group) {
    var commands = link.commands();
    var version = Integer.toString(group.version());
    var versions = commands.sadd(keys.versionsIndex(topic, group.name()), version);
    var groups = commands.sadd(keys.groupsIndex(), PositionKeys.member(topic, group.name()));
    return versions.thenCombine(groups, (a, b) -> null);
  }

  @Override
  public CompletionStage<Map<Integer, Long>> find(String topic, GroupId group) {
    return read(link -> reader.find(link, topic, group.canonical()));
  }

  @Override
  public CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      String topic, String groupName) {
    return read(link -> reader.findVersions(link, topic, groupName));
  }

  @Override
  public CompletionStage<List<GroupPositions>> findAll() {
    return read(reader::findAll);
  }

  /**
   * In a cluster one master that answers is enough: calls for groups of the others fail by
   * themselves. A master that lets the gateway read or write nothing is not.
   */
  @Override
  public CompletionStage<Void> check() {
    return calls
        .call(link -> link.ping().thenAccept(RedisPositionsStorage::checkAnswered))
        .thenRun(
            () -> {
              index.requireAllowed();
              refusedWrites.requireAllowed();
              refusedRows.requireAllowed();
            });
  }

  private static void checkAnswered(List<PingReply> replies) {
    if (replies.stream().anyMatch(reply -> reply.failure() == null)) {
      return;
    }
    throw replies.isEmpty()
        ? new StorageException(Kind.UNAVAILABLE, "the Redis Cluster has no master")
        : RedisFailures.of(replies.get(0).failure());
  }

  @Override
  public Optional<CoordinationStore> coordination() {
    return Optional.of(new RedisCoordinationStore(calls, keys, refusedRows, new SecureRandom()));
  }

  @Override
  public void close() {
    connector.close();
  }

  private <T> CompletionStage<T> read(Function<RedisConnection, CompletionStage<T>> read) {
    return calls.call(link -> index.complete().thenCompose(complete -> read.apply(link)));
  }
}
