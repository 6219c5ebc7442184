package io.liiklus.storage.sql;

import io.liiklus.api.MapSettings;
import io.liiklus.testing.PostgresServer;
import io.liiklus.testing.SharedPostgres;
import io.liiklus.testing.TcpRelay;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;

/** A database of a test's own, on the server that all tests share. Immutable. */
public final class PgDatabase {

  private final PostgresServer server = SharedPostgres.server();
  private final String name =
      "d" + UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT);

  public PgDatabase() {
    server.createDatabase(name);
  }

  /** Of one gateway; another one has settings by another name, and shares no connection. */
  public MapSettings settings(String gateway) {
    return login(TestSettings.of(server.url(name) + "?ApplicationName=" + gateway));
  }

  public MapSettings settings(TcpRelay relay) {
    return login(
        TestSettings.of("jdbc:postgresql://127.0.0.1:%d/%s".formatted(relay.port(), name)));
  }

  static MapSettings login(MapSettings settings) {
    return settings.with("user", PostgresServer.USER).with("password", PostgresServer.PASSWORD);
  }

  String url() {
    return server.url(name);
  }

  public String name() {
    return name;
  }

  TcpRelay relay() {
    return TcpRelay.start(server.host(), server.port());
  }

  /** A connection of the user who may do everything, which the caller closes. */
  Connection connect() throws SQLException {
    return server.connect(name);
  }

  /** First value of the statement's answer; empty where it has none. */
  public String ask(String sql) {
    return server.ask(name, sql);
  }
}
