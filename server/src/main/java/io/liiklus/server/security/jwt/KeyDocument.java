package io.liiklus.server.security.jwt;

import java.io.IOException;

/** Place of a JSON Web Key Set. Confined to the thread that fetches. */
interface KeyDocument {

  /** The largest document that is read; sets in use have a few KiB. */
  int MAX_BYTES = 256 * 1024;

  /**
   * Reads it as it is now. May block, for a bounded time.
   *
   * @throws IOException with a reason for people
   */
  String read() throws IOException, InterruptedException;

  /** For logs, without secrets. */
  @Override
  String toString();
}
