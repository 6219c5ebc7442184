package io.liiklus.api;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/** Positions storage of a test, which has the calls that the test is about and no others. */
public abstract class PartialPositions implements PositionsStorage {

  @Override
  public CompletionStage<Void> store(GroupPositions positions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Map<Integer, Long>> find(String topic, GroupId group) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      String topic, String groupName) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<List<GroupPositions>> findAll() {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Void> check() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
