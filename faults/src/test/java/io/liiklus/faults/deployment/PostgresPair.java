package io.liiklus.faults.deployment;

import io.liiklus.testing.PostgresServer;
import java.util.List;

/**
 * A PostgreSQL, and a standby that has each commit before it is answered. Thread-safe, but one
 * thread at a time should break it.
 */
public final class PostgresPair implements AutoCloseable {

  private final PostgresServer first;
  private final PostgresServer second;
  private volatile PostgresServer primary;

  private PostgresPair(PostgresServer first, PostgresServer second) {
    this.first = first;
    this.second = second;
    this.primary = first;
  }

  /** Returns when both serve. */
  static PostgresPair start() {
    var first = PostgresServer.start();
    try {
      var pair = new PostgresPair(first, first.startStandby());
      first.execute("alter system set synchronous_standby_names = '*'");
      first.execute("select pg_reload_conf()");
      return pair;
    } catch (RuntimeException failure) {
      first.close();
      throw failure;
    }
  }

  /** The one that takes writes. */
  public PostgresServer primary() {
    return primary;
  }

  /** Ports of both. */
  public List<Integer> ports() {
    return List.of(first.port(), second.port());
  }

  /** Of whichever takes writes. */
  String url() {
    return "jdbc:postgresql://%s:%d,%s:%d/%s?targetServerType=primary"
        .formatted(
            first.host(), first.port(), second.host(), second.port(), PostgresServer.DATABASE);
  }

  /** The primary is killed and does not come back; the standby takes its place. Once. */
  public void failOver() {
    first.kill();
    second.promote();
    primary = second;
  }

  @Override
  public void close() {
    second.close();
    first.close();
  }
}
