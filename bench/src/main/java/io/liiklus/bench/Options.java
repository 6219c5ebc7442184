package io.liiklus.bench;

import java.util.Map;

/**
 * Options of a measurement. Immutable.
 *
 * @param seconds of each measured window
 * @param warmUpSeconds of the same work before it
 * @param pairs how often both sides are measured, in turn
 * @param topicMb how much is in a topic that is read: enough that a partition is read to its end
 *     seldom, and little enough to be cached
 * @param topicLingerMs how long its producer waited for each of Kafka's batches to fill
 * @param liveMb how much is written a second where that is read at once
 * @param gatewayOptions for the gateway's JVM
 * @param settings for the gateway, by key
 */
public record Options(
    int seconds,
    int warmUpSeconds,
    int pairs,
    int topicMb,
    int topicLingerMs,
    int liveMb,
    String gatewayOptions,
    Map<String, String> settings) {

  /** Copies the settings. */
  public Options {
    settings = Map.copyOf(settings);
  }
}
