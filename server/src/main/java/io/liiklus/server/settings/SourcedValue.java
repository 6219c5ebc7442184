package io.liiklus.server.settings;

/**
 * A value that somebody set, without the white space around it: what comes from a file of secrets
 * ends in a line break, and no key means white space at its ends. Immutable.
 *
 * @param origin as in "from the environment variable GRPC_PORT", without the "from"
 */
record SourcedValue(String text, String origin) {

  SourcedValue {
    text = text.strip();
  }

  boolean isGiven() {
    return !text.isEmpty();
  }
}
