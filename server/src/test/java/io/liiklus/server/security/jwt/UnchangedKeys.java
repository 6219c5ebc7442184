package io.liiklus.server.security.jwt;

import com.nimbusds.jose.JWSHeader;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The keys of a set that is never fetched again. Immutable. */
record UnchangedKeys(JwkSet keys) implements VerificationKeys {

  @Override
  public Optional<VerificationKey> find(JWSHeader header) {
    return keys.find(header);
  }

  @Override
  public CompletionStage<Void> refresh() {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public boolean areAway() {
    return false;
  }

  @Override
  public Object generation() {
    return this;
  }

  @Override
  public void close() {}
}
