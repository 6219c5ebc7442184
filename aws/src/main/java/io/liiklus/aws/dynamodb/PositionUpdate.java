package io.liiklus.aws.dynamodb;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Writes positions to one item, and creates it where it is missing. Thread-safe.
 *
 * <p>There is no request that sets entries of a map and creates the map as well. So the entries are
 * set on the condition that the map is there; else the map is set, on the condition that it is not.
 */
final class PositionUpdate {

  /** Positions of one request: 1.1 KB of the 4 KB that an expression may have. */
  static final int MAX_POSITIONS = 100;

  /** Each of both requests; it takes others that create the item and delete it to need them all. */
  private static final int MAX_ROUNDS = 3;

  private static final String NAME = "#p";

  private final DynamoCalls calls;

  PositionUpdate(DynamoCalls calls) {
    this.calls = calls;
  }

  /**
   * Stores them.
   *
   * @param key of the item
   * @param offsets {@link #MAX_POSITIONS} at the most
   */
  CompletionStage<Void> write(Map<String, AttributeValue> key, Map<Integer, Long> offsets) {
    return round(change(key, offsets), creation(key, offsets), 1);
  }

  private CompletionStage<Void> round(
      UpdateItemRequest change, UpdateItemRequest creation, int round) {
    return sendIf(change)
        .thenCompose(isStored -> isStored ? done(true) : sendIf(creation))
        .thenCompose(
            isStored -> {
              if (isStored) {
                return CompletableFuture.completedStage(null);
              }
              return round < MAX_ROUNDS
                  ? round(change, creation, round + 1)
                  : CompletableFuture.failedStage(
                      new StorageException(
                          Kind.UNAVAILABLE,
                          "the item of the positions is created and deleted by others in turn"));
            });
  }

  private static CompletionStage<Boolean> done(boolean isStored) {
    return CompletableFuture.completedStage(isStored);
  }

  /** Answers whether its condition held. */
  private CompletionStage<Boolean> sendIf(UpdateItemRequest request) {
    return calls
        .send(client -> client.updateItem(request))
        .handle(
            (answer, failure) -> {
              if (failure == null) {
                calls.counts().onWritten(answer.consumedCapacity());
                return done(true);
              }
              return DynamoFailures.isConditionFailed(failure)
                  ? done(false)
                  : CompletableFuture.<Boolean>failedStage(failure);
            })
        .thenCompose(answer -> answer);
  }

  private UpdateItemRequest change(Map<String, AttributeValue> key, Map<Integer, Long> offsets) {
    var entries = new StringJoiner(",", "SET ", "");
    var names = new HashMap<String, String>();
    var values = new HashMap<String, AttributeValue>();
    names.put(NAME, PositionItem.POSITIONS);
    int number = 0;
    for (var entry : offsets.entrySet()) {
      entries.add(NAME + ".#" + number + "=:" + number);
      names.put("#" + number, entry.getKey().toString());
      values.put(":" + number, AttributeValue.fromN(entry.getValue().toString()));
      number++;
    }
    return request(key)
        .updateExpression(entries.toString())
        .conditionExpression("attribute_exists(" + NAME + ")")
        .expressionAttributeNames(names)
        .expressionAttributeValues(values)
        .build();
  }

  private UpdateItemRequest creation(Map<String, AttributeValue> key, Map<Integer, Long> offsets) {
    var map = new HashMap<String, AttributeValue>();
    offsets.forEach(
        (partition, offset) ->
            map.put(partition.toString(), AttributeValue.fromN(offset.toString())));
    return request(key)
        .updateExpression("SET " + NAME + "=:map")
        .conditionExpression("attribute_not_exists(" + NAME + ")")
        .expressionAttributeNames(Map.of(NAME, PositionItem.POSITIONS))
        .expressionAttributeValues(Map.of(":map", AttributeValue.fromM(map)))
        .build();
  }

  private UpdateItemRequest.Builder request(Map<String, AttributeValue> key) {
    return UpdateItemRequest.builder()
        .tableName(calls.tableName())
        .key(key)
        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
  }
}
