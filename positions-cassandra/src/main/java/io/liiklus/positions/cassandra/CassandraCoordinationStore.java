package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import io.liiklus.api.CoordinationStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * Rows of the coordination of groups, changed by lightweight transactions. Thread-safe.
 *
 * <p>A version is a random number of 63 bits that the writer brings: a counter would have to
 * outlive the row. Two of a million versions of a row are equal with a probability of 10^-7.
 */
final class CassandraCoordinationStore implements CoordinationStore {

  private final CassandraCalls calls;
  private final WriteRights rights;
  private final ConsistencyLevel serial;
  private final RandomGenerator random;

  /**
   * @param serial consistency of a read that sees every change that was answered
   * @param random such that no two gateways draw the same numbers
   */
  CassandraCoordinationStore(
      CassandraCalls calls, WriteRights rights, ConsistencyLevel serial, RandomGenerator random) {
    this.calls = calls;
    this.rights = rights;
    this.serial = serial;
    this.random = random;
  }

  /** A request for each: a serial read is of one partition. A gateway reads some tens at once. */
  @Override
  public CompletionStage<Map<String, Row>> read(Set<String> keys) {
    return calls.call(
        link -> {
          var found = new HashMap<String, Row>();
          var reads = new ArrayList<CompletableFuture<Void>>();
          for (var key : keys) {
            reads.add(readInto(found, link, key).toCompletableFuture());
          }
          return CompletableFuture.allOf(reads.toArray(CompletableFuture<?>[]::new))
              .thenApply(read -> found);
        });
  }

  private CompletionStage<Void> readInto(Map<String, Row> found, OpenSession link, String key) {
    var statement = link.rows().read().bind(key).setConsistencyLevel(serial);
    return link.session()
        .executeAsync(statement)
        .thenAccept(
            answer -> {
              var row = answer.one();
              if (row != null && !row.isNull("version")) {
                synchronized (found) {
                  found.put(
                      key, new Row(row.getLong("version"), bytes(row.getByteBuffer("value"))));
                }
              }
            });
  }

  private static byte[] bytes(ByteBuffer value) {
    byte[] bytes = new byte[value == null ? 0 : value.remaining()];
    if (value != null) {
      value.get(bytes);
    }
    return bytes;
  }

  @Override
  public CompletionStage<OptionalLong> replace(String key, long version, byte[] value) {
    long next = value == null ? ABSENT : random.nextLong(ABSENT + 1, Long.MAX_VALUE);
    return rights.noting(
        calls.call(
            link ->
                link.session()
                    .executeAsync(statement(link.rows(), key, version, next, value))
                    .thenApply(
                        answer ->
                            answer.wasApplied() ? OptionalLong.of(next) : OptionalLong.empty())));
  }

  private static BoundStatement statement(
      RowStatements rows, String key, long version, long next, byte[] value) {
    if (value == null) {
      // Nothing can be removed that is not there; a condition on its version is not met.
      return rows.remove().bind(key, version);
    }
    var bytes = ByteBuffer.wrap(value);
    return version == ABSENT
        ? rows.create().bind(key, next, bytes)
        : rows.change().bind(next, bytes, key, version);
  }
}
