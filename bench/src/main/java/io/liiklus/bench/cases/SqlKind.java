package io.liiklus.bench.cases;

import io.liiklus.bench.Lab;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.testing.PostgresServer;
import io.liiklus.testing.ServerFolder;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Databases that have the records of a gateway. */
enum SqlKind {
  SQLITE(1),
  POSTGRES(2);

  /** Of each topic; the gateway creates it at the first publish. */
  static final int PARTITIONS = 8;

  private final int writers;

  SqlKind(int writers) {
    this.writers = writers;
  }

  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Connections that append records, of the gateway and on the bare side. */
  int writers() {
    return writers;
  }

  /** A new and empty database. */
  Database create(Lab lab) {
    if (this == SQLITE) {
      var file = ServerFolder.create("sqlite").resolve("bench.db");
      return new Database("jdbc:sqlite:" + file, "", "");
    }
    var name = "bench_" + UUID.randomUUID().toString().replace("-", "");
    lab.postgres().createDatabase(name);
    return new Database(lab.postgres().url(name), PostgresServer.USER, PostgresServer.PASSWORD);
  }

  /** Address of a database. Immutable. */
  record Database(String url, String user, String password) {

    /** Of a gateway that has records and positions there. */
    Map<String, String> settings() {
      return Map.of(
          "sql.url", url,
          "sql.user", user,
          "sql.password", password,
          "sql.partitions", Integer.toString(PARTITIONS));
    }

    /** For a loop beside the gateway. */
    WorkOrder order(String kind) {
      return WorkOrder.of(kind)
          .with("url", url)
          .with("user", user)
          .with("password", password)
          .with("partitions", PARTITIONS);
    }
  }
}
