package io.liiklus.server.schema;

import java.io.IOException;

/** A document of schemas that cannot be read or used; the message says why. */
final class UnusableSchemaException extends IOException {

  private static final long serialVersionUID = 1;

  UnusableSchemaException(String message) {
    // Parsers describe an error in several lines.
    super(message.replaceAll("\\s+", " "));
  }
}
