package io.liiklus.aws.dynamodb;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.regex.Pattern;

/** Failures to find credentials as those of the port. Immutable. */
final class CredentialsFailures {

  /** Ends the SDK's list of the places in which it looks; behind it stands why each has none. */
  private static final String REASONS = ") : [";

  /**
   * A server that gives credentials, as STS, is away. The SDK tells it by its text alone: it looks
   * on in the next place.
   */
  private static final Pattern AWAY =
      Pattern.compile("Unable to execute HTTP request|Status Code: 5\\d\\d");

  private CredentialsFailures() {}

  static StorageException of(Throwable failure) {
    var said = String.valueOf(failure.getMessage());
    int reasons = said.indexOf(REASONS);
    var text = reasons < 0 ? said : said.substring(reasons + REASONS.length() - 1);
    return new StorageException(
        AWAY.matcher(said).find() ? Kind.UNAVAILABLE : Kind.REFUSED,
        "no credentials for AWS: " + text,
        failure);
  }

  static StorageException expired() {
    return new StorageException(
        Kind.UNAVAILABLE, "the credentials for AWS have expired and are looked for");
  }
}
