package io.liiklus.testing;

/**
 * One node of Cassandra for all tests of a JVM, started on first use and ended with the JVM. Tests
 * keep apart by the names of their keyspaces, and leave the server running. Thread-safe.
 */
public final class SharedCassandra {

  private SharedCassandra() {}

  /** The same server for every caller. */
  public static CassandraServer server() {
    return Holder.SERVER;
  }

  private static final class Holder {
    static final CassandraServer SERVER = CassandraServer.start();

    static {
      // For its data, which would fill the disk run by run.
      Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
    }
  }
}
