package io.liiklus.server.security.jwt;

import com.nimbusds.jose.JWSHeader;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The keys that tokens are checked by. Thread-safe; nothing blocks. */
interface VerificationKeys extends AutoCloseable {

  /** The key for a token of this header; empty where none is known so far. */
  Optional<VerificationKey> find(JWSHeader header);

  /**
   * Looks for new keys, where that may help: completes when {@link #find} is to be asked again. One
   * that takes too long fails.
   */
  CompletionStage<Void> refresh();

  /** Whether there were no keys at all so far. */
  boolean areAway();

  /** An object that changes with the keys: what was checked before is to be checked again. */
  Object generation();

  @Override
  void close();
}
