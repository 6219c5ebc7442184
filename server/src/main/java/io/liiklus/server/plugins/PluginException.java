package io.liiklus.server.plugins;

/** A storage or a plugin cannot be used; the text says which, and why. */
public final class PluginException extends RuntimeException {

  private static final long serialVersionUID = 1;

  PluginException(String message) {
    super(message, null, false, false);
  }

  PluginException(String message, Throwable cause) {
    super(message, cause);
  }
}
