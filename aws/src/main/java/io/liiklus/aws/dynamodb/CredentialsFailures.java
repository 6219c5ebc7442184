package io.liiklus.aws.dynamodb;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;

/** Failures to find credentials as those of the port. Immutable. */
final class CredentialsFailures {

  private static final String WHERE_TO_LOOK =
      " (aws.accessKeyId, AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE, ~/.aws, or a role of the"
          + " container or the machine)";

  private CredentialsFailures() {}

  static StorageException of(Throwable failure) {
    return new StorageException(
        Kind.REFUSED, "no credentials for AWS: " + failure.getMessage() + WHERE_TO_LOOK, failure);
  }

  static StorageException expired() {
    return new StorageException(
        Kind.UNAVAILABLE, "the credentials for AWS have expired and are looked for");
  }
}
