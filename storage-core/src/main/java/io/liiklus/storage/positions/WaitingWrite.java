package io.liiklus.storage.positions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Positions that wait to be written with one request. Immutable, but for the answer.
 *
 * @param untilNs when it is too late to begin, as {@link System#nanoTime}
 * @param stored completed with the answer
 */
record WaitingWrite(Map<Integer, Long> offsets, long untilNs, CompletableFuture<Void> stored) {

  /** Of positions that may be more than a request can have. */
  static List<WaitingWrite> of(Map<Integer, Long> offsets, int maxPositions, long untilNs) {
    var writes = new ArrayList<WaitingWrite>();
    var part = new HashMap<Integer, Long>();
    for (var entry : offsets.entrySet()) {
      part.put(entry.getKey(), entry.getValue());
      if (part.size() == maxPositions) {
        writes.add(new WaitingWrite(part, untilNs, new CompletableFuture<>()));
        part = new HashMap<>();
      }
    }
    if (!part.isEmpty()) {
      writes.add(new WaitingWrite(part, untilNs, new CompletableFuture<>()));
    }
    return writes;
  }
}
