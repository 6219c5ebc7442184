package io.liiklus.api;

import java.util.Objects;

/**
 * Header of a record. Neither side changes the value's bytes. Immutable.
 *
 * @param value null where the header has none
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a wrapper would cost a copy.
public record Header(String key, byte[] value) {

  public Header {
    Objects.requireNonNull(key, "key");
  }
}
