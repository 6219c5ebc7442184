package io.liiklus.aws.dynamodb;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * Reader of positions, always consistent. A version's own item counts; items whose key spells the
 * version otherwise fill in the partitions that it lacks. Thread-safe.
 */
final class PositionsReader {

  private static final String VERSIONS = "#t = :t and begins_with(#g, :g)";

  private final DynamoCalls calls;
  private final ForeignItems foreign;

  /** Items of one answer, and where the next one begins. Immutable. */
  private record Page(
      List<Map<String, AttributeValue>> items, Map<String, AttributeValue> lastKey) {}

  /** Immutable. */
  private record Group(String topic, GroupId id) {}

  PositionsReader(DynamoCalls calls, ForeignItems foreign) {
    this.calls = calls;
    this.foreign = foreign;
  }

  /**
   * The positions by version, then partition; versions without stored positions are left out. Two
   * requests: version 0 has the name itself as its key, and others' names begin with it too.
   */
  CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(String topic, String name) {
    var ofName = calls.send(client -> client.getItem(get(topic, name)));
    var ofVersions = pages(lastKey -> queryVersions(topic, name, lastKey), new ArrayList<>());
    return ofName.thenCombine(
        ofVersions,
        (own, items) -> {
          if (own.hasItem()) {
            items.add(own.item());
          }
          var versions = new TreeMap<Integer, Map<Integer, Long>>();
          merged(items)
              .forEach(
                  (group, offsets) -> {
                    if (group.id().name().equals(name)) {
                      versions.put(group.id().version(), offsets);
                    }
                  });
          return versions;
        });
  }

  private GetItemRequest get(String topic, String groupKey) {
    return GetItemRequest.builder()
        .tableName(calls.tableName())
        .key(PositionItem.key(topic, groupKey))
        .consistentRead(true)
        .build();
  }

  private CompletionStage<Page> queryVersions(
      String topic, String name, Map<String, AttributeValue> lastKey) {
    var request =
        QueryRequest.builder()
            .tableName(calls.tableName())
            .keyConditionExpression(VERSIONS)
            .expressionAttributeNames(Map.of("#t", PositionItem.TOPIC, "#g", PositionItem.GROUP))
            .expressionAttributeValues(
                Map.of(
                    ":t", AttributeValue.fromS(topic),
                    ":g", AttributeValue.fromS(PositionItem.versionsPrefix(name))))
            .consistentRead(true)
            .exclusiveStartKey(lastKey)
            .build();
    return calls
        .send(client -> client.query(request))
        .thenApply(answer -> new Page(answer.items(), answer.lastEvaluatedKey()));
  }

  CompletionStage<List<GroupPositions>> findAll() {
    return pages(this::scan, new ArrayList<>())
        .thenApply(
            items -> {
              var all = new ArrayList<GroupPositions>();
              merged(items)
                  .forEach(
                      (group, offsets) ->
                          all.add(new GroupPositions(group.topic(), group.id(), offsets)));
              return all;
            });
  }

  private CompletionStage<Page> scan(Map<String, AttributeValue> lastKey) {
    var request =
        ScanRequest.builder()
            .tableName(calls.tableName())
            .consistentRead(true)
            .exclusiveStartKey(lastKey)
            .build();
    return calls
        .send(client -> client.scan(request))
        .thenApply(answer -> new Page(answer.items(), answer.lastEvaluatedKey()));
  }

  /** All pages, one after the other. The last one has no key. */
  private static CompletionStage<List<Map<String, AttributeValue>>> pages(
      Function<Map<String, AttributeValue>, CompletionStage<Page>> next,
      List<Map<String, AttributeValue>> found) {
    return pagesBehind(null, next, found);
  }

  private static CompletionStage<List<Map<String, AttributeValue>>> pagesBehind(
      Map<String, AttributeValue> lastKey,
      Function<Map<String, AttributeValue>, CompletionStage<Page>> next,
      List<Map<String, AttributeValue>> found) {
    return next.apply(lastKey)
        .thenCompose(
            page -> {
              found.addAll(page.items());
              return page.lastKey().isEmpty()
                  ? CompletableFuture.completedStage(found)
                  : pagesBehind(page.lastKey(), next, found);
            });
  }

  private Map<Group, Map<Integer, Long>> merged(List<Map<String, AttributeValue>> items) {
    var known = items.stream().map(item -> PositionItem.read(item, foreign));
    var groups = new HashMap<Group, Map<Integer, Long>>();
    known
        .flatMap(Optional::stream)
        .filter(item -> !item.offsets().isEmpty())
        .forEach(
            item ->
                groups.merge(
                    new Group(item.topic(), item.group()),
                    item.offsets(),
                    (before, more) -> item.isPlain() ? both(before, more) : both(more, before)));
    return groups;
  }

  private static Map<Integer, Long> both(Map<Integer, Long> weak, Map<Integer, Long> strong) {
    var offsets = new HashMap<>(weak);
    offsets.putAll(strong);
    return offsets;
  }
}
