package io.liiklus.server.plugins;

import io.liiklus.api.Authorizer;
import java.util.function.Function;

/**
 * An authorizer, and where it was found. Immutable.
 *
 * @param type its name in the settings, in capitals
 * @param origin "the class path", or the plugin's jar
 * @param loader the loader of its classes
 */
public record FoundAuthorizer(
    String type, Authorizer authorizer, String origin, ClassLoader loader) {

  /** Empty where it has no settings. */
  public String settingsRoot() {
    return authorizer.settingsRoot();
  }

  /** Calls the authorizer with its own class loader as the thread's, as libraries look there. */
  public <T> T call(Function<Authorizer, T> work) {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return work.apply(authorizer);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
