package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.liiklus.api.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of root {@code cassandra}, checked; {@code reference.conf} has the meaning of each.
 * Immutable.
 *
 * @param localDatacenter empty: that of the contact points
 */
record CassandraSettings(
    ContactPoints contactPoints,
    String localDatacenter,
    KeyspaceSettings keyspace,
    Login login,
    Optional<TlsSettings> tls,
    DefaultConsistencyLevel consistency,
    Duration callTimeout,
    int maxPendingCalls) {

  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(50);
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);

  /**
   * Immutable.
   *
   * @param user empty: no login
   */
  record Login(String user, String password) {

    boolean isGiven() {
      return !user.isEmpty();
    }

    /** Without the password. */
    @Override
    public String toString() {
      return user;
    }
  }

  /** Empty where there is no place to connect to; the settings have every reason. */
  static Optional<CassandraSettings> read(Settings settings) {
    var contactPoints = contactPoints(settings);
    var keyspace = KeyspaceSettings.read(settings);
    var login = login(settings);
    var tls = TlsSettings.read(settings.section("tls"));
    var consistency =
        DefaultConsistencyLevel.valueOf(settings.choice("consistency", "LOCAL_QUORUM", "QUORUM"));
    var callTimeout = settings.duration("callTimeout", SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
    int maxPendingCalls = settings.integer("maxPendingCalls", 1, 1_000_000);
    if (contactPoints.isEmpty() || keyspace.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CassandraSettings(
            contactPoints.get(),
            settings.text("localDatacenter").strip(),
            keyspace.get(),
            login,
            tls,
            consistency,
            callTimeout,
            maxPendingCalls));
  }

  private static Optional<ContactPoints> contactPoints(Settings settings) {
    var text = settings.text("contactPoints").strip();
    if (text.isEmpty()) {
      settings.refuse("contactPoints", "has no value; some nodes, as host:port,host:port");
      return Optional.empty();
    }
    try {
      return Optional.of(ContactPoints.parse(text));
    } catch (IllegalArgumentException refused) {
      settings.refuse("contactPoints", refused.getMessage());
      return Optional.empty();
    }
  }

  private static Login login(Settings settings) {
    var login = new Login(settings.text("user"), settings.text("password"));
    if (!login.isGiven() && !login.password().isEmpty()) {
      settings.refuse("user", "has no value, and cassandra.password has one: set both, or none");
    }
    return login;
  }
}
