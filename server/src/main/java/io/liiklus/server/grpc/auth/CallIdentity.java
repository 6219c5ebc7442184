package io.liiklus.server.grpc.auth;

import io.grpc.Context;
import io.liiklus.server.security.Identity;

/** The identity of the call that begins in this thread. Immutable. */
public final class CallIdentity {

  private static final Context.Key<Identity> KEY =
      Context.keyWithDefault("caller", Identity.ANONYMOUS);

  private CallIdentity() {}

  /** To be read while a call is started; later, its handlers have it from the call. */
  public static Identity current() {
    return KEY.get();
  }

  static Context with(Identity identity) {
    return Context.current().withValue(KEY, identity);
  }
}
