package io.liiklus.positions.redis;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys under our prefix that are no position: passed over, with one WARN for each key. Thread-safe.
 */
final class ForeignKeys {

  private static final Logger log = LoggerFactory.getLogger(ForeignKeys.class);

  /** After so many keys there are no more WARNs. */
  private static final int MAX_WARNED = 1_000;

  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  void passedOver(String key, String reason) {
    if (warned.size() < MAX_WARNED && warned.add(key)) {
      log.warn("entry in Redis passed over, key={} reason={}", key, reason);
    }
  }
}
