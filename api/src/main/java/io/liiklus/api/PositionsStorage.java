package io.liiklus.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/**
 * Positions of groups, outside of the log. Thread-safe; no method blocks but {@link #close}.
 *
 * <p>A read sees every write that was answered before the read was requested. While a server is
 * away, calls fail at once, or within seconds, with {@link StorageException.Kind#UNAVAILABLE},
 * never with an empty answer; a storage does not repeat a command by itself.
 */
public interface PositionsStorage extends AutoCloseable {

  /**
   * Stores positions of one group, each from -1, at the cost of one write; the last write of each
   * wins, forth or back. Fails where any of them is not stored; the others may be stored.
   */
  CompletionStage<Void> store(GroupPositions positions);

  /** Stores one position, in the same way. */
  default CompletionStage<Void> store(PositionId id, long offset) {
    return store(new GroupPositions(id.topic(), id.group(), Map.of(id.partition(), offset)));
  }

  /** The stored positions of one group version by partition; empty where there is none. */
  CompletionStage<Map<Integer, Long>> find(String topic, GroupId group);

  /** The positions of every version that has any, by version, then partition. */
  CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      String topic, String groupName);

  /** All that is stored. */
  CompletionStage<List<GroupPositions>> findAll();

  /**
   * The store by which gateways that share these positions coordinate groups; empty where this
   * storage has none.
   */
  default Optional<CoordinationStore> coordination() {
    return Optional.empty();
  }

  /** Completes when the server behind answered just now; fails, saying why, when it did not. */
  CompletionStage<Void> check();

  /** Metrics of the storage; the same ones at each call. */
  default List<Metric> metrics() {
    return List.of();
  }

  /** Lets go of everything, within a bound of its own. */
  @Override
  void close();
}
