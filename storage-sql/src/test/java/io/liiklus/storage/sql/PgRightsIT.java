package io.liiklus.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.api.LoggedLines;
import io.liiklus.api.MapSettings;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.sql.database.DatabaseSettings;
import io.liiklus.storage.sql.database.SqlDatabase;
import io.liiklus.storage.sql.positions.SqlPositionsStorage;
import io.liiklus.testing.PostgresServer;
import io.liiklus.testing.SharedPostgres;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Servers and users that do not suit: each text names the remedy. */
class PgRightsIT {

  private static final PositionId POSITION = new PositionId("topic", new GroupId("group", 0), 0);

  private final PgDatabase database = new PgDatabase();

  @Test
  void wrongPassword_isRefusedNamingTheKeys() {
    try (var gateway = Gateway.open(settings().with("password", "wrong"))) {
      assertRefused(Gateway.failure(gateway.publish("topic", "value")), "sql.password");
      assertRefused(Gateway.failure(gateway.positions.store(POSITION, 1)), "sql.password");
      assertRefused(Gateway.failure(gateway.records.check()), "sql.password");
    }
  }

  /** Nobody waits that long: the reason is known before. */
  @Test
  void checkOfADatabaseThatLetsNobodyIn_hasTheReasonAtOnce() {
    var patient = settings().with("connectTimeout", "1 m").with("readers", "1");
    try (var gateway = Gateway.open(patient.with("password", "wrong"))) {
      assertThat(Gateway.failure(gateway.records.check()))
          .hasMessageStartingWith("PostgreSQL %s as user %s: ", place(), PostgresServer.USER)
          .hasMessageEndingWith("(correct sql.user and sql.password)")
          .message()
          .doesNotContain("wrong");
    }
    try (var gateway = Gateway.open(patient.with("createTables", "false"))) {
      assertThat(Gateway.failure(gateway.records.check()))
          .hasMessageContaining("has no tables whose names begin with");
    }
    var nowhere = patient.with("url", "jdbc:postgresql://nowhere.invalid/db?password=x");
    try (var gateway = Gateway.open(nowhere.with("connectTimeout", "2 s"))) {
      assertThat(Gateway.failure(gateway.records.check()))
          .hasMessageStartingWith(
              "PostgreSQL nowhere.invalid:5432/db as user %s: ", PostgresServer.USER);
    }
  }

  private String place() {
    return database.url().replaceAll("jdbc:postgresql://|[?].*", "");
  }

  @Test
  void userWhoMayOnlyRead_isRefusedNamingTheRights() {
    try (var gateway = Gateway.open(settings())) {
      Gateway.get(gateway.publish("topic", "value"));
    }
    var reader = "reader_" + database.name();
    SharedPostgres.server().createReader(reader, "read");
    try (var gateway = Gateway.open(settings().with("user", reader).with("password", "read"))) {
      var failure = Gateway.failure(gateway.publish("topic", "value"));
      assertRefused(failure, "grant sql.user select, insert, update and delete");
      assertThat(failure.isNotStored()).isTrue();
      assertRefused(Gateway.failure(gateway.positions.store(POSITION, 1)), "grant sql.user");
      assertThat(Gateway.get(gateway.positions.findAll())).isEmpty();
    }
  }

  @Test
  void userWhoMayCreateNothing_isRefusedNamingTheRights() {
    var user = "nobody_" + database.name();
    SharedPostgres.server().execute("create user " + user + " password 'none'");
    try (var gateway = Gateway.open(settings().with("user", user).with("password", "none"))) {
      assertRefused(Gateway.failure(gateway.publish("topic", "value")), "create on the schema");
    }
  }

  @Test
  void missingTables_areNamedWhereNoneMayBeCreated() {
    try (var gateway = Gateway.open(settings().with("createTables", "false"))) {
      var failure = Gateway.failure(gateway.publish("topic", "value"));
      assertThat(failure.kind()).isEqualTo(Kind.PRECONDITION);
      assertThat(failure.getMessage()).contains("sql.createTables = true");
    }
  }

  @Test
  void missingTables_areNotMadeToBeRead() throws Exception {
    var readOnly = SqlDatabase.acquire(DatabaseSettings.read(settings()).readOnly());
    try (var positions = new SqlPositionsStorage(readOnly)) {
      assertThat(Gateway.failure(positions.findAll()).kind()).isEqualTo(Kind.UNKNOWN_TOPIC);
    }

    assertThat(database.ask("select count(*) from pg_tables where tablename like 'liiklus%'"))
        .isEqualTo("0");
  }

  @Test
  void connections_leaveTheDurabilityToTheServer() {
    database.ask("alter database " + database.name() + " set synchronous_commit = remote_apply");
    var opened = SqlDatabase.acquire(DatabaseSettings.read(settings()));
    try {
      var sql = "select current_setting('synchronous_commit') || ' ' || current_setting('fsync')";
      var found =
          opened.askNow(
              connection -> {
                try (var statement = connection.createStatement();
                    var row = statement.executeQuery(sql)) {
                  row.next();
                  return row.getString(1);
                }
              });
      assertThat(found).isEqualTo("remote_apply on");
    } finally {
      opened.release();
    }
  }

  @Test
  void readOnlyTransactions_areRefusedNamingTheSetting() {
    database.ask("alter database " + database.name() + " set default_transaction_read_only = on");
    try (var gateway = Gateway.open(settings())) {
      var failure = Gateway.failure(gateway.publish("topic", "value"));
      assertRefused(failure, "default_transaction_read_only to off");
    }
  }

  @Test
  void newerFormat_isRefused() {
    try (var gateway = Gateway.open(settings())) {
      Gateway.get(gateway.publish("topic", "value"));
    }
    database.ask("update liiklus_meta set value = 99 where name = 'format'");
    try (var gateway = Gateway.open(database.settings("later"))) {
      var failure = Gateway.failure(gateway.publish("topic", "value"));
      assertThat(failure.kind()).isEqualTo(Kind.PRECONDITION);
      assertThat(failure.getMessage()).contains("format 99").contains("update liiklus");
    }
  }

  @Test
  void unknownTopic_isNamedWhereNoneMayBeCreated() {
    try (var gateway = Gateway.open(settings().with("createTopics", "false"))) {
      var failure = Gateway.failure(gateway.publish("topic", "value"));
      assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN_TOPIC);
      assertThat(failure.getMessage()).contains("sql.createTopics is false");
    }
  }

  @Test
  void asynchronousCommit_isWarnedOfOnce() {
    database.ask("alter database " + database.name() + " set synchronous_commit = off");
    try (var lines = LoggedLines.of(SqlDatabase.class.getPackageName() + ".PgSchema");
        var gateway = Gateway.open(settings())) {
      Gateway.get(gateway.publish("topic", "value"));
      Gateway.get(gateway.positions.store(POSITION, 1));
      assertThat(lines.warnings()).hasSize(1);
      assertThat(lines.warnings().get(0)).contains("set its synchronous_commit to on");
      assertThat(lines.all())
          .last()
          .asString()
          .startsWith("database open, server=jdbc:postgresql://")
          .endsWith(" retention.time=none retention.bytes=none");
    }
  }

  @Test
  void replica_isUnavailableAndNamesThePrimary() {
    try (var primary = PostgresServer.start();
        var gateway = Gateway.open(PgDatabase.login(TestSettings.of(primary.url())))) {
      Gateway.get(gateway.publish("topic", "value"));
      try (var standby = primary.startStandby();
          var misled = Gateway.open(PgDatabase.login(TestSettings.of(standby.url())))) {
        var failure = Gateway.failure(misled.positions.store(POSITION, 1));
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure.getMessage()).contains("targetServerType=primary");

        primary.kill();
        standby.promote();

        assertThat(Gateway.get(misled.publish("topic", "next")).offset()).isEqualTo(1);
      }
    }
  }

  @Test
  void exhaustedConnections_areWaitedFor() {
    try (var gateway = Gateway.open(settings())) {
      Gateway.get(gateway.publish("topic", "before"));
    }
    var user = "late_" + database.name();
    var server = SharedPostgres.server();
    server.execute("create user " + user + " password 'late' connection limit 0");
    database.ask("grant select, insert, update, delete on all tables in schema public to " + user);
    database.ask("grant usage on all sequences in schema public to " + user);
    var late = settings().with("user", user).with("password", "late");
    try (var gateway = Gateway.open(late.with("connectTimeout", "500 ms"))) {
      var published = gateway.publish("topic", "value");
      var failure = Gateway.failure(gateway.positions.store(POSITION, 1));
      assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure.getMessage()).contains("too many connections");
      assertThat(published.toCompletableFuture()).isNotDone();

      server.execute("alter user " + user + " connection limit 10");

      assertThat(Gateway.get(published).offset()).isEqualTo(1);
    }
  }

  @Test
  void gatewaysThatStartAtOnce_makeTheTablesOnce() {
    var started = new ArrayList<CompletableFuture<Gateway>>();
    for (int i = 0; i < 5; i++) {
      var settings = database.settings("gateway" + i);
      started.add(
          CompletableFuture.supplyAsync(
              () -> {
                var gateway = Gateway.open(settings);
                Gateway.get(gateway.publish("topic", "value"));
                return gateway;
              }));
    }
    started.forEach(gateway -> Gateway.get(gateway).close());
    assertThat(database.ask("select sum(end_off) from liiklus_log")).isEqualTo("5");
  }

  private MapSettings settings() {
    return database.settings("gateway");
  }

  private static void assertRefused(StorageException failure, String remedy) {
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.REFUSED);
    assertThat(failure.getMessage()).contains(remedy);
  }
}
