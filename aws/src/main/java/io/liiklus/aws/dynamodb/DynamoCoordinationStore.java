package io.liiklus.aws.dynamodb;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.StandingRefusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * Rows of the coordination of groups, an item each: its version and its value. A change is a write
 * on the condition of the version. Thread-safe.
 *
 * <p>A version is a random number of 63 bits that the writer brings, so that it never returns where
 * a row was removed and came again.
 */
final class DynamoCoordinationStore implements CoordinationStore {

  static final String KEY = "key";
  private static final String VERSION = "v";
  private static final String VALUE = "d";

  private static final String IS_ABSENT = "attribute_not_exists(#v)";
  private static final String HAS_VERSION = "#v = :v";

  /** Rows of one request. */
  private static final int MAX_ROWS = 100;

  /** Requests for rows that DynamoDB left out of its answer before. */
  private static final int MAX_ATTEMPTS = 5;

  private final DynamoCalls calls;
  private final StandingRefusal refused;
  private final RandomGenerator random;

  /**
   * @param refused notified of each change
   * @param random such that no two gateways draw the same numbers
   */
  DynamoCoordinationStore(DynamoCalls calls, StandingRefusal refused, RandomGenerator random) {
    this.calls = calls;
    this.refused = refused;
    this.random = random;
  }

  @Override
  public CompletionStage<Map<String, Row>> read(Set<String> wanted) {
    return calls.call(() -> readAll(wanted));
  }

  private CompletionStage<Map<String, Row>> readAll(Set<String> wanted) {
    var left = List.copyOf(wanted);
    CompletionStage<Map<String, Row>> found = CompletableFuture.completedStage(new HashMap<>());
    for (int from = 0; from < left.size(); from += MAX_ROWS) {
      var keys =
          left.subList(from, Math.min(from + MAX_ROWS, left.size())).stream()
              .map(DynamoCoordinationStore::key)
              .toList();
      found = found.thenCompose(rows -> addRows(keys, rows, 1));
    }
    return found;
  }

  private CompletionStage<Map<String, Row>> addRows(
      List<Map<String, AttributeValue>> keys, Map<String, Row> rows, int attempt) {
    var table = calls.tableName();
    var asked = KeysAndAttributes.builder().keys(keys).consistentRead(true).build();
    var request = BatchGetItemRequest.builder().requestItems(Map.of(table, asked)).build();
    return calls
        .send(client -> client.batchGetItem(request))
        .thenCompose(
            answer -> {
              answer.responses().getOrDefault(table, List.of()).forEach(item -> add(item, rows));
              var left = answer.unprocessedKeys().get(table);
              if (left == null || left.keys().isEmpty()) {
                return CompletableFuture.completedStage(rows);
              }
              if (attempt == MAX_ATTEMPTS) {
                calls.counts().onThrottled();
                return CompletableFuture.failedStage(
                    new StorageException(
                        Kind.UNAVAILABLE,
                        "DynamoDB leaves out rows of the table " + table + ": it is throttled"));
              }
              return addRows(left.keys(), rows, attempt + 1);
            });
  }

  private void add(Map<String, AttributeValue> item, Map<String, Row> rows) {
    var name = item.get(KEY).s();
    var version = item.get(VERSION);
    if (version == null || version.n() == null) {
      throw noRow(name);
    }
    // An empty value is left out: not every server takes one.
    var value = item.get(VALUE);
    var bytes = value == null ? new byte[0] : value.b().asByteArrayUnsafe();
    try {
      rows.put(name, new Row(Long.parseLong(version.n()), bytes));
    } catch (NumberFormatException foreign) {
      throw noRow(name);
    }
  }

  private StorageException noRow(String name) {
    return new StorageException(
        Kind.PRECONDITION,
        "the item %s of the table %s in DynamoDB was not written by a gateway: delete it"
            .formatted(name, calls.tableName()));
  }

  @Override
  public CompletionStage<OptionalLong> replace(String key, long version, byte[] value) {
    long next = value == null ? ABSENT : nextVersion();
    return calls
        .call(
            () ->
                (value == null ? remove(key, version) : put(key, version, next, value))
                    .handle((done, failure) -> answer(key, next, failure))
                    .thenCompose(answer -> answer))
        .whenComplete((answer, failure) -> DynamoPositionsStorage.noteWrite(failure, refused));
  }

  private CompletionStage<?> put(String key, long version, long next, byte[] value) {
    var item = new HashMap<>(key(key));
    item.put(VERSION, number(next));
    if (value.length > 0) {
      item.put(VALUE, AttributeValue.fromB(SdkBytes.fromByteArray(value)));
    }
    var request =
        PutItemRequest.builder()
            .tableName(calls.tableName())
            .item(item)
            .conditionExpression(version == ABSENT ? IS_ABSENT : HAS_VERSION)
            .expressionAttributeNames(Map.of("#v", VERSION))
            .expressionAttributeValues(values(version))
            .build();
    return calls.send(client -> client.putItem(request));
  }

  private CompletionStage<?> remove(String key, long version) {
    var request =
        DeleteItemRequest.builder()
            .tableName(calls.tableName())
            .key(key(key))
            .conditionExpression(version == ABSENT ? IS_ABSENT : HAS_VERSION)
            .expressionAttributeNames(Map.of("#v", VERSION))
            .expressionAttributeValues(values(version))
            .build();
    return calls.send(client -> client.deleteItem(request));
  }

  /** Null where the condition has none: the SDK leaves it out then. */
  private static Map<String, AttributeValue> values(long version) {
    return version == ABSENT ? null : Map.of(":v", number(version));
  }

  /** A request that was made again may meet what it did itself. */
  private CompletionStage<OptionalLong> answer(String key, long next, Throwable failure) {
    if (failure == null) {
      return CompletableFuture.completedStage(OptionalLong.of(next));
    }
    if (!DynamoFailures.isConditionFailed(failure)) {
      return CompletableFuture.failedStage(failure);
    }
    return DynamoFailures.isOfRepeated(failure)
        ? readAll(Set.of(key)).thenApply(rows -> ofRepeated(rows.get(key), next))
        : CompletableFuture.completedStage(OptionalLong.empty());
  }

  private static OptionalLong ofRepeated(Row row, long next) {
    if (row == null && next == ABSENT) {
      throw new StorageException(
          Kind.UNAVAILABLE,
          "the connection to DynamoDB closed; the row may have been removed by it");
    }
    return row != null && row.version() == next ? OptionalLong.of(next) : OptionalLong.empty();
  }

  private static Map<String, AttributeValue> key(String name) {
    return Map.of(KEY, AttributeValue.fromS(name));
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  private long nextVersion() {
    return random.nextLong(ABSENT + 1, Long.MAX_VALUE);
  }
}
