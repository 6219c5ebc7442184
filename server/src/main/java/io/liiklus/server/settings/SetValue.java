package io.liiklus.server.settings;

/**
 * A value that somebody set. Immutable.
 *
 * @param origin as in "from the environment variable GRPC_PORT", without the "from"
 */
record SetValue(String text, String origin) {}
