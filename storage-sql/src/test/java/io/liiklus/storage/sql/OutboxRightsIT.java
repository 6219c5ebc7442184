package io.liiklus.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.LoggedLines;
import io.liiklus.testing.PostgresServer;
import io.liiklus.testing.SharedPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets an outbox, who may use it, and that its rights cannot be borrowed. */
class OutboxRightsIT {

  private static final String WARNED = "the outbox of the database is missing or old";

  private final PgDatabase database = new PgDatabase();
  private final String user = "app_" + database.name();

  @Test
  void publishing_needsTheRightToTheFunctionAlone() throws Exception {
    try (var gateway = Gateway.open(database.settings("gateway"))) {
      Gateway.get(gateway.publish("topic", "value"));
      SharedPostgres.server().execute("create user " + user + " password 'app'");
      try (var application = Application.of(database, user, "app")) {
        assertThatThrownBy(() -> application.publish("topic", "key", "value"))
            .hasMessageContaining("permission denied for function liiklus_publish");
        application.rollBack();
        database.ask("grant execute on function liiklus_publish to " + user);
        application.publish("topic", "key", "granted");
        application.execute("set role " + user);
        application.commit();
        for (var statement :
            List.of(
                "insert into liiklus_outbox (log, time) values (1, 1)",
                "copy liiklus_outbox (log, time) from stdin",
                "truncate liiklus_outbox",
                "select * from liiklus_outbox",
                "select liiklus_outbox_headers('{}')",
                "select liiklus_outbox_partition('a', 1)",
                "select liiklus_outbox_number(1)",
                "select liiklus_outbox_log('a', array[1])",
                "select liiklus_outbox_topics('1')",
                "create temp table mine (tx int); create trigger borrowed after insert on mine"
                    + " for each row execute function liiklus_outbox_append()")) {
          assertThatThrownBy(() -> application.execute(statement))
              .as(statement)
              .hasMessageContaining("permission denied");
          application.rollBack();
        }
      }
      assertThat(Gateway.get(gateway.publish("topic", "value")).offset()).isEqualTo(2);
    }
  }

  @Test
  void namesOfTheCaller_areNotTakenForThoseOfTheFunction() throws Exception {
    try (var gateway = Gateway.open(database.settings("gateway"))) {
      Gateway.get(gateway.publish("topic", "value"));
      SharedPostgres.server().execute("create user " + user + " password 'app'");
      database.ask("grant execute on function liiklus_publish to " + user);
      database.ask("grant create, usage on schema public to " + user);
      try (var application = Application.of(database, user, "app")) {
        application.execute(trap("length(bytea)", "int"));
        application.execute(trap("jsonb_typeof(jsonb)", "text"));
        application.execute(trap("cardinality(bigint[])", "int"));
        application.execute(trap("liiklus_outbox_partition(bytea, bigint)", "int"));
        application.execute(trap("liiklus_outbox_headers(text)", "record"));
        application.execute(trap("joined(bytea, bytea)", "bytea"));
        application.execute(
            "create operator public.|| (leftarg = bytea, rightarg = bytea, function ="
                + " public.joined)");
        application.execute("create temp table liiklus_outbox (like pg_class)");
        application.execute("create temp table liiklus_log (id bigint, topic text, part int)");
        application.execute("create domain pg_temp.jsonb as text");
        application.commit();
        application.execute("set search_path = pg_temp, public, pg_catalog");
        application.execute("set standard_conforming_strings = off");
        application.execute("set bytea_output = 'escape'");
        application.execute(
            "select public.liiklus_publish('topic', 'key', 'value', '{\"a\": \"b\"}')");
        application.commit();
      }
      assertThat(Gateway.get(gateway.publish("topic", "value")).offset()).isEqualTo(2);
    }
  }

  private static String trap(String function, String type) {
    return "create function public."
        + function
        + " returns "
        + type
        + " language plpgsql as $$ begin raise exception 'trapped'; end $$";
  }

  @Test
  void databaseOfAnOlderGateway_getsTheOutboxAtTheNextStart() throws Exception {
    try (var gateway = Gateway.open(database.settings("older"))) {
      Gateway.get(gateway.publish("topic", "value"));
    }
    removeOutbox();
    try (var gateway = Gateway.open(database.settings("newer"));
        var application = new Application(database)) {
      assertThat(Gateway.get(gateway.publish("topic", "value")).offset()).isEqualTo(1);
      application.publish("topic", "key", "value");
      application.commit();
      assertThat(Gateway.get(gateway.publish("topic", "value")).offset()).isEqualTo(3);
    }
    // It stays as it is from then on, with the grants on it.
    var before = database.ask("select 'liiklus_outbox'::regclass::oid");
    try (var gateway = Gateway.open(database.settings("third").with("maxRecordBytes", "2 KiB"))) {
      Gateway.get(gateway.publish("topic", "value"));
      assertThat(database.ask("select 'liiklus_outbox'::regclass::oid")).isEqualTo(before);
      assertThat(database.ask("select value from liiklus_meta where name = 'maxRecordBytes'"))
          .isEqualTo("2048");
    }
  }

  @Test
  void unknownTopic_isRefusedWhereTheGatewayMakesNone() throws Exception {
    var settings = database.settings("gateway").with("createTopics", "false");
    try (var gateway = Gateway.open(settings);
        var application = new Application(database)) {
      Gateway.get(gateway.positions.findAll());
      assertThatThrownBy(() -> application.publish("unknown", "key", "value"))
          .hasMessageContaining("topic: there is no topic \"unknown\"")
          .hasMessageContaining("sql.createTopics is false")
          .hasMessageContaining(
              "insert into liiklus_log (topic, part) select 'unknown', generate_series(0, 31)");
    }
  }

  @Test
  void schemaAndPrefixOfTheTables_areThoseOfTheOutbox() throws Exception {
    database.ask("create schema \"Odd \"\" one\"");
    database.ask(
        "alter database " + database.name() + " set search_path = \"Odd \"\" one\", public");
    try (var gateway = Gateway.open(database.settings("gateway").with("tablePrefix", "x_"));
        var application = new Application(database)) {
      Gateway.get(gateway.publish("topic", "value"));
      application.execute(
          "set search_path = public;"
              + " select \"Odd \"\" one\".x_publish('topic', 'key', 'value', '{\"a\": \"b\"}')");
      application.commit();
      assertThat(Gateway.get(gateway.publish("topic", "value")).offset()).isEqualTo(2);
    }
  }

  @Test
  void userWhoMayNotCreate_publishesAsBeforeAndIsWarned() throws Exception {
    try (var gateway = Gateway.open(database.settings("older"))) {
      Gateway.get(gateway.publish("topic", "value"));
    }
    removeOutbox();
    SharedPostgres.server().execute("create user " + user + " password 'app'");
    database.ask("grant select, insert, update, delete on all tables in schema public to " + user);
    database.ask("grant usage on all sequences in schema public to " + user);
    var settings = database.settings("app").with("user", user).with("password", "app");
    try (var lines = LoggedLines.of("io.liiklus.storage.sql.database.PgOutbox");
        var gateway = Gateway.open(settings)) {
      assertThat(Gateway.get(gateway.publish("topic", "value")).offset()).isEqualTo(1);
      assertThat(Gateway.get(gateway.records.check())).isNull();
      assertThat(lines.warnings()).hasSize(1);
      assertThat(lines.warnings().get(0)).contains(WARNED).contains("function=liiklus_publish");
    }
    try (var lines = LoggedLines.of("io.liiklus.storage.sql.database.PgOutbox");
        var gateway = Gateway.open(settings.with("createTables", "false"))) {
      assertThat(Gateway.get(gateway.publish("topic", "value")).offset()).isEqualTo(2);
      assertThat(lines.warnings()).isEmpty();
    }
  }

  @Test
  void functionOfSomebodyElse_isLeftAlone() throws Exception {
    SharedPostgres.server().execute("create user " + user + " password 'app'");
    database.ask("grant create on schema public to " + user);
    database.ask(
        "create function liiklus_publish(topic text, key bytea, value bytea, headers jsonb)"
            + " returns void language sql as ''");
    var settings = database.settings("app").with("user", user).with("password", "app");
    try (var lines = LoggedLines.of("io.liiklus.storage.sql.database.PgOutbox");
        var gateway = Gateway.open(settings)) {
      assertThat(Gateway.get(gateway.publish("topic", "value")).offset()).isZero();
      assertThat(lines.warnings().get(0)).contains(WARNED).contains("must be owner of function");
    }
    assertThat(
            database.ask(
                "select rolname from pg_roles r join pg_proc p on p.proowner = r.oid"
                    + " where proname = 'liiklus_publish'"))
        .isEqualTo(PostgresServer.USER);
  }

  private void removeOutbox() throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("drop table liiklus_outbox");
      statement.execute("drop function liiklus_publish, liiklus_outbox_append");
      statement.execute("drop function liiklus_outbox_headers, liiklus_outbox_number");
      statement.execute("drop function liiklus_outbox_log, liiklus_outbox_topics");
      statement.execute("drop function liiklus_outbox_partition");
      statement.execute("delete from liiklus_meta where name <> 'format'");
    }
  }
}
