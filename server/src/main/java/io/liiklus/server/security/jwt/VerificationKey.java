package io.liiklus.server.security.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import java.util.Set;

/**
 * A key with the algorithms that it may be used with. Immutable.
 *
 * @param id null: it has none
 * @param verifier used by many threads at once
 */
record VerificationKey(String id, Set<JWSAlgorithm> algorithms, JWSVerifier verifier) {

  boolean fits(JWSHeader header) {
    return algorithms.contains(header.getAlgorithm());
  }
}
