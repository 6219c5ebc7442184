package io.liiklus.server.plugins;

import io.liiklus.api.Authorizer;
import java.util.function.Function;

/**
 * Authorizer of a plugin, and the place where it was found. Immutable.
 *
 * @param type its name in the settings, in capitals
 */
public record FoundAuthorizer(String type, Authorizer authorizer, Origin origin) {

  /** Empty where it has no settings. */
  public String settingsRoot() {
    return authorizer.settingsRoot();
  }

  /** Calls the authorizer with its own class loader as the thread's. */
  public <T> T call(Function<Authorizer, T> work) {
    return origin.call(() -> work.apply(authorizer));
  }
}
