package io.liiklus.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class PostgresServerIT {

  private static final String DATABASE = PostgresServer.DATABASE;

  @Test
  void killedServer_returnsWithWhatItCommitted() throws Exception {
    try (var postgres = withTable()) {
      try (var open = postgres.connect(DATABASE)) {
        postgres.kill();
        assertThatThrownBy(() -> open.createStatement().execute("select 1"))
            .isInstanceOf(SQLException.class);
      }

      postgres.restart();

      assertThat(value(postgres)).isEqualTo("value");
    }
  }

  @Test
  void stoppedServer_refusesConnectionsAndReturnsWithItsData() throws Exception {
    try (var postgres = withTable();
        var open = postgres.connect(DATABASE)) {
      assertThat(open.isValid(1)).isTrue();

      postgres.stop();
      assertThatThrownBy(() -> postgres.connect(DATABASE)).isInstanceOf(SQLException.class);
      postgres.restart();

      assertThat(value(postgres)).isEqualTo("value");
    }
  }

  @Test
  void pausedServer_hangsUntilResumed() throws Exception {
    try (var postgres = withTable();
        var open = postgres.connect(DATABASE)) {
      postgres.pause();
      assertThat(open.isValid(1)).isFalse();
      postgres.resume();

      assertThat(value(postgres)).isEqualTo("value");
    }
  }

  @Test
  void promotedStandby_hasWhatWasCommittedOnBoth() {
    try (var postgres = withTable();
        var standby = postgres.startStandby()) {
      postgres.execute("alter system set synchronous_standby_names = '*'");
      postgres.execute("select pg_reload_conf()");
      postgres.execute("create table late(v text)");
      assertThatThrownBy(() -> standby.execute("create table refused(v text)"))
          .hasMessageContaining("refused");

      postgres.kill();
      standby.promote();

      assertThat(value(standby)).isEqualTo("value");
      standby.execute("insert into late values ('written')");
    }
  }

  @Test
  void server_isDurableAndTakesSettings() {
    try (var postgres = PostgresServer.start(Map.of("max_connections", "7"))) {
      assertThat(postgres.ask(DATABASE, "show fsync")).isEqualTo("on");
      assertThat(postgres.ask(DATABASE, "show synchronous_commit")).isEqualTo("on");
      assertThat(postgres.ask(DATABASE, "show max_connections")).isEqualTo("7");
    }
  }

  @Test
  void users_haveTheirPasswordsAndRights() throws Exception {
    var postgres = SharedPostgres.server();
    postgres.createUser("writer", "secret");
    postgres.createReader("reader", "other");

    try (var writer = DriverManager.getConnection(postgres.url(), "writer", "secret");
        var reader = DriverManager.getConnection(postgres.url(), "reader", "other");
        var write = writer.createStatement();
        var read = reader.createStatement()) {
      write.execute("create table writers(v text)");
      assertThat(read.executeQuery("select * from writers").next()).isFalse();
      assertThatThrownBy(() -> read.execute("insert into writers values ('x')"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }
    assertThatThrownBy(() -> DriverManager.getConnection(postgres.url(), "writer", "wrong"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    assertThatThrownBy(() -> DriverManager.getConnection(postgres.url(), new Properties()))
        .isInstanceOf(SQLException.class);
  }

  private static PostgresServer withTable() {
    var postgres = PostgresServer.start();
    postgres.execute("create table kept(v text)");
    postgres.execute("insert into kept values ('value')");
    return postgres;
  }

  private static String value(PostgresServer postgres) {
    return postgres.ask(DATABASE, "select v from kept");
  }
}
