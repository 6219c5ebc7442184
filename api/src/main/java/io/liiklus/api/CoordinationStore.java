package io.liiklus.api;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Rows that all gateways share, changed by compare-and-set. No method blocks. A read sees every
 * change that was answered before the read was requested. Thread-safe.
 */
public interface CoordinationStore {

  /** The version of a row that is not there. */
  long ABSENT = 0;

  /**
   * A row as it was read. Neither side changes the value's bytes.
   *
   * @param version of this state, above 0; another one after every change, also where the row was
   *     removed and came again
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a wrapper would cost a copy.
  record Row(long version, byte[] value) {}

  /** The rows of these keys as they are now, without those that are not there. */
  CompletionStage<Map<String, Row>> read(Set<String> keys);

  /**
   * Writes the row, or removes it where the value is null, if it still has this version. After a
   * failure it may have been changed or not.
   *
   * @param version as read, or {@link #ABSENT}
   * @return the new version, {@link #ABSENT} after a removal; empty where the row has another
   *     version: somebody changed it
   */
  CompletionStage<OptionalLong> replace(String key, long version, byte[] value);
}
