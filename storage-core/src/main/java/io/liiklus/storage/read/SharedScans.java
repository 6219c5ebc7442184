package io.liiklus.storage.read;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Shared scans of all partitions that groups catch up on. Thread-safe. */
final class SharedScans {

  private final long maxBytes;
  private final Map<LogId, SharedScan> scans = new ConcurrentHashMap<>();

  /**
   * @param maxBytes of records in all of them; each may have an equal share
   */
  SharedScans(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** A group begins to catch up. */
  SharedScan join(LogId log, ScanMember member) {
    return scans.compute(
        log,
        (same, found) -> {
          var joined = found == null ? new SharedScan() : found;
          joined.join(member);
          return joined;
        });
  }

  /** A group does not catch up any more. */
  void part(LogId log, ScanMember member) {
    scans.computeIfPresent(log, (same, found) -> found.part(member) ? found : null);
  }

  /** Null where no group catches up. */
  SharedScan find(LogId log) {
    return scans.get(log);
  }

  /** Whether several groups catch up on the log. */
  boolean areSeveral(LogId log) {
    var scan = scans.get(log);
    return scan != null && scan.areSeveral();
  }

  /** Keeps a fetch for the groups close behind; these are returned. */
  List<ScanMember> keep(LogId log, ScanMember reader, Fetch fetch, long nowNs) {
    var scan = scans.get(log);
    return scan == null ? List.of() : scan.keep(reader, fetch, maxBytesOfEach(), nowNs);
  }

  long maxBytesOfEach() {
    return maxBytes / Math.max(1, scans.size());
  }
}
