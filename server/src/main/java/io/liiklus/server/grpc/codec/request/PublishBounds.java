package io.liiklus.server.grpc.codec.request;

import io.liiklus.server.grpc.codec.status.BadRequest;

/**
 * Bounds on the parts of a publish. Parsing makes an object of each part, which costs many times
 * its bytes, so parts are counted before. Immutable.
 *
 * @param maxHeaders how many headers a record may have, and how many extensions an event
 * @param maxBatchRecords how many records one batch may have
 * @param maxBatchBytes how many bytes the request with them may have
 */
public record PublishBounds(int maxHeaders, int maxBatchRecords, long maxBatchBytes) {

  /** Headers and extensions for each record that a batch may have, on average. */
  private static final long PARTS_OF_RECORD = 100;

  /** Bound on the headers and extensions of a whole request; a single record may have its own. */
  private long maxParts() {
    return Math.max(2 * (maxHeaders + 1L), PARTS_OF_RECORD * maxBatchRecords);
  }

  /**
   * Checks the number of headers and extensions of a whole request.
   *
   * @throws BadRequest naming the settings
   */
  void requireParts(int parts) {
    if (parts > maxParts()) {
      throw tooMany(
          "requests",
          maxParts(),
          "headers and extensions in a batch",
          "publish.maxBatchRecords, publish.maxHeaders");
    }
  }

  /**
   * Checks the number of records of a batch.
   *
   * @throws BadRequest naming the setting
   */
  void requireRecords(int records) {
    if (records > maxBatchRecords) {
      throw tooMany("requests", maxBatchRecords, "records in a batch", "publish.maxBatchRecords");
    }
  }

  /**
   * Checks the size of a batch.
   *
   * @throws BadRequest naming the setting
   */
  void requireBytes(int bytes) {
    if (bytes > maxBatchBytes) {
      throw new BadRequest(
          "requests: a batch of %d bytes is not allowed; at most %d (publish.maxBatchBytes)"
              .formatted(bytes, maxBatchBytes));
    }
  }

  static BadRequest tooManyHeaders(int most) {
    return tooMany("headers", most, "headers", "publish.maxHeaders");
  }

  static BadRequest tooManyExtensions(int most) {
    return tooMany("liiklusEvent.extensions", most, "extensions", "publish.maxHeaders");
  }

  private static BadRequest tooMany(String field, long most, String what, String setting) {
    return new BadRequest(
        "%s: more than %d %s are not allowed (%s)".formatted(field, most, what, setting));
  }
}
