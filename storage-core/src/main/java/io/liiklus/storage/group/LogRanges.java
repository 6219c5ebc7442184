package io.liiklus.storage.group;

import io.liiklus.storage.read.LogRange;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Asks what the logs of a topic have. Nothing here blocks; what fails for a while only, fails as
 * UNAVAILABLE.
 */
public interface LogRanges {

  /** The topic's incarnation: another one when a topic of the same name was made anew. */
  CompletionStage<String> incarnation(String topic);

  /** Of these partitions, by partition; fails as a whole. */
  CompletionStage<Map<Integer, LogRange>> ranges(String topic, Set<Integer> partitions);
}
