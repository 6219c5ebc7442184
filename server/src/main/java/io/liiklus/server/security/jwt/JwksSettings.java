package io.liiklus.server.security.jwt;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the keys of tokens are, and how often they are fetched. Immutable.
 *
 * @param file empty: they are behind the URL
 * @param url null where the file is given
 * @param trustCert see {@link HttpsDocument}
 * @param refresh between two fetches
 * @param minInterval between two fetches, whatever calls ask for, and after a failed one
 * @param timeout of one fetch
 */
public record JwksSettings(
    Optional<Path> file,
    URI url,
    Optional<Path> trustCert,
    Duration refresh,
    Duration minInterval,
    Duration timeout) {

  /** Why the file is no set of keys; empty where it is one, and for a URL, which may be away. */
  public Optional<String> problem() {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      var unused = JwkSet.parse(new FileDocument(file.get()).read());
      return Optional.empty();
    } catch (IOException | ParseException failure) {
      return Optional.of("is no JSON Web Key Set: " + failure.getMessage());
    }
  }

  KeyDocument document() {
    return file.<KeyDocument>map(FileDocument::new)
        .orElseGet(() -> new HttpsDocument(url, trustCert, timeout));
  }
}
