package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Reader of positions, page by page. Immutable. */
final class PositionReader {

  private PositionReader() {}

  static CompletionStage<Map<Integer, Long>> find(OpenSession link, String topic, GroupId group) {
    var statement = link.positions().find().bind(topic, group.name(), group.version());
    return versions(link, statement)
        .thenApply(versions -> versions.getOrDefault(group.version(), Map.of()));
  }

  /** The positions by version, then partition. */
  static CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      OpenSession link, String topic, String name) {
    return versions(link, link.positions().findVersions().bind(topic, name));
  }

  private static CompletionStage<SortedMap<Integer, Map<Integer, Long>>> versions(
      OpenSession link, BoundStatement statement) {
    var versions = new TreeMap<Integer, Map<Integer, Long>>();
    return eachRow(
            link,
            statement,
            row ->
                versions
                    .computeIfAbsent(row.getInt("version"), absent -> new TreeMap<>())
                    .put(row.getInt("partition"), row.getLong("position")))
        .thenApply(read -> versions);
  }

  /** All of the table: for metrics and commands alone. */
  static CompletionStage<List<GroupPositions>> findAll(OpenSession link) {
    var groups = new LinkedHashMap<TopicGroup, Map<Integer, Long>>();
    return eachRow(
            link,
            link.positions().findAll().bind(),
            row ->
                groups
                    .computeIfAbsent(TopicGroup.of(row), absent -> new TreeMap<>())
                    .put(row.getInt("partition"), row.getLong("position")))
        .thenApply(
            read -> {
              var all = new ArrayList<GroupPositions>(groups.size());
              groups.forEach(
                  (key, offsets) -> all.add(new GroupPositions(key.topic(), key.group(), offsets)));
              return all;
            });
  }

  private static CompletionStage<Void> eachRow(
      OpenSession link, BoundStatement statement, Consumer<Row> work) {
    return link.session().executeAsync(statement).thenCompose(page -> readOn(page, work));
  }

  /** Pages come by turns on the driver's thread: a table of a million rows is no deep recursion. */
  private static CompletionStage<Void> readOn(AsyncResultSet page, Consumer<Row> work) {
    for (var row : page.currentPage()) {
      // A row that was written without a position, by hand, has none.
      if (!row.isNull("position")) {
        work.accept(row);
      }
    }
    return page.hasMorePages()
        ? page.fetchNextPage().thenCompose(next -> readOn(next, work))
        : CompletableFuture.completedFuture(null);
  }
}
