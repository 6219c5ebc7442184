package io.liiklus.positions.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.liiklus.api.CoordinationStore;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.StandingRefusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * Rows of the coordination of groups, a hash each: its version and its value. A change is a script
 * that names one key, so it is atomic in a cluster too. Thread-safe.
 *
 * <p>A version is a random number of 63 bits that the writer brings. A counter would have to
 * outlive the row, or to be a second key, which a cluster may keep on another node. Two of a
 * million versions of a row are equal with a probability of 10^-7.
 *
 * <p>The script is sent whole with each change, of which a gateway makes about one a second: then
 * there is no script for a restarted Redis, or another node, to have forgotten.
 */
final class RedisCoordinationStore implements CoordinationStore {

  private static final String VERSION = "v";
  private static final String VALUE = "d";

  /** Arguments: the version that the row is to have, its next one, and the value, if any. */
  private static final String REPLACE =
      """
      if (redis.call('hget', KEYS[1], 'v') or '0') ~= ARGV[1] then return 0 end
      if ARGV[3] then redis.call('hset', KEYS[1], 'v', ARGV[2], 'd', ARGV[3])
      else redis.call('del', KEYS[1]) end
      return 1""";

  private final RedisCalls calls;
  private final PositionKeys keys;
  private final StandingRefusal refused;
  private final RandomGenerator random;

  /**
   * @param refused notified of each change
   * @param random such that no two gateways draw the same numbers
   */
  RedisCoordinationStore(
      RedisCalls calls, PositionKeys keys, StandingRefusal refused, RandomGenerator random) {
    this.calls = calls;
    this.keys = keys;
    this.refused = refused;
    this.random = random;
  }

  @Override
  public CompletionStage<Map<String, Row>> read(Set<String> wanted) {
    var list = List.copyOf(wanted);
    return calls.call(
        link ->
            BoundedConcurrency.ask(list, key -> readRow(link, key))
                .thenApply(
                    rows -> {
                      var found = new HashMap<String, Row>();
                      for (int i = 0; i < list.size(); i++) {
                        var key = list.get(i);
                        rows.get(i).ifPresent(row -> found.put(key, row));
                      }
                      return found;
                    }));
  }

  private CompletionStage<Optional<Row>> readRow(RedisConnection link, String key) {
    var name = keys.row(key);
    var args = new CommandArgs<>(StringCodec.UTF8).addKey(name);
    return link.commands()
        .dispatch(CommandType.HGETALL, new BytesOutput(), args)
        .thenApply(fields -> row(name, fields));
  }

  /**
   * @param fields names and values by turns
   */
  private static Optional<Row> row(String name, List<byte[]> fields) {
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    var byName = new HashMap<String, byte[]>();
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      byName.put(new String(fields.get(i), US_ASCII), fields.get(i + 1));
    }
    var version = byName.get(VERSION);
    var value = byName.get(VALUE);
    if (version == null || value == null) {
      throw noRow(name);
    }
    try {
      return Optional.of(new Row(Long.parseLong(new String(version, US_ASCII)), value));
    } catch (NumberFormatException foreign) {
      throw noRow(name);
    }
  }

  private static StorageException noRow(String name) {
    return new StorageException(
        Kind.PRECONDITION,
        "the hash " + name + " in Redis was not written by a gateway: delete it");
  }

  @Override
  public CompletionStage<OptionalLong> replace(String key, long version, byte[] value) {
    long next = value == null ? ABSENT : nextVersion();
    var args =
        new CommandArgs<>(StringCodec.UTF8)
            .add(REPLACE)
            .add(1)
            .addKey(keys.row(key))
            .add(version)
            .add(next);
    if (value != null) {
      args.add(value);
    }
    return calls
        .call(link -> replace(link, args, next))
        .handle(
            (answer, failure) -> {
              var advised =
                  failure == null
                      ? null
                      : RedisRights.advisedForRows(RedisFailures.of(failure), keys);
              RedisRights.noteWrite(advised, refused);
              if (advised != null) {
                throw advised;
              }
              return answer;
            });
  }

  private static CompletionStage<OptionalLong> replace(
      RedisConnection link, CommandArgs<String, String> args, long next) {
    return link.commands()
        .dispatch(CommandType.EVAL, new IntegerOutput<>(StringCodec.UTF8), args)
        .thenApply(done -> done == 1 ? OptionalLong.of(next) : OptionalLong.empty());
  }

  private long nextVersion() {
    return random.nextLong(ABSENT + 1, Long.MAX_VALUE);
  }
}
