package io.liiklus.positions.redis;

import io.lettuce.core.RedisURI;
import io.liiklus.api.Settings;
import java.util.Optional;

/**
 * Access to Sentinels, where it differs from that to the master. Immutable.
 *
 * @param username empty: none, or that of the URI where the password is empty too
 * @param password empty: none, or that of the URI where the Sentinels ask for one
 * @param tls empty: as the URI says
 */
record SentinelAccess(String username, String password, Optional<Boolean> tls) {

  /** All as for the master. */
  static final SentinelAccess OF_URI = new SentinelAccess("", "", Optional.empty());

  private static final String USERNAME = "sentinel.username";
  private static final String PASSWORD = "sentinel.password";
  private static final String TLS = "sentinel.tls";

  static SentinelAccess read(Settings settings) {
    var access =
        new SentinelAccess(settings.text(USERNAME), settings.text(PASSWORD), readTls(settings));
    if (!access.username.isEmpty() && access.password.isEmpty()) {
      settings.refuse(USERNAME, "needs redis.sentinel.password too");
    }
    return access;
  }

  private static Optional<Boolean> readTls(Settings settings) {
    var text = settings.text(TLS);
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return Optional.of(Boolean.valueOf(text));
    }
    if (!text.equalsIgnoreCase("uri")) {
      var what = text.isBlank() ? "has no value" : text + " is not allowed";
      settings.refuse(TLS, what + "; uri, true or false");
    }
    return Optional.empty();
  }

  /** Warns where there is no Sentinel that it could be for. */
  void warnUnused(Settings settings) {
    var reason = "has no effect: redis.uri names no Sentinel";
    if (!password.isEmpty()) {
      settings.warn(PASSWORD, reason);
    }
    if (tls.isPresent()) {
      settings.warn(TLS, reason);
    }
  }

  /** Parts of the access that a URI with Sentinels cannot express. */
  void applyTo(RedisURI uri) {
    for (var sentinel : uri.getSentinels()) {
      tls.ifPresent(sentinel::setSsl);
      if (!username.isEmpty()) {
        sentinel.setAuthentication(username, password);
      } else if (!password.isEmpty()) {
        sentinel.setAuthentication(password);
      }
    }
  }

  boolean hasLogin() {
    return !password.isEmpty();
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "SentinelAccess[username=" + username + ", tls=" + tls + "]";
  }
}
