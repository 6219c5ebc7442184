package io.liiklus.aws.dynamodb;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Items of the table of positions that are none, or have values that are none: passed over, with
 * one WARN for each. Thread-safe.
 */
final class ForeignItems {

  private static final Logger log = LoggerFactory.getLogger(ForeignItems.class);

  /** After so many items there are no more WARNs. */
  private static final int MAX_WARNED = 1_000;

  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  void passedOver(String topic, String groupKey, String reason) {
    if (warned.size() < MAX_WARNED && warned.add(topic + '\0' + groupKey)) {
      log.warn(
          "item in DynamoDB passed over, topic={} groupId={} reason={}", topic, groupKey, reason);
    }
  }
}
