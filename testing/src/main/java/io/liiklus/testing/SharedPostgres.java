package io.liiklus.testing;

/**
 * One PostgreSQL for all tests of a JVM, started on first use and ended with the JVM. Tests keep
 * apart by the names of their databases or tables, and leave the server running. Thread-safe.
 */
public final class SharedPostgres {

  private SharedPostgres() {}

  /** The same server for every caller. */
  public static PostgresServer server() {
    return Holder.SERVER;
  }

  private static final class Holder {
    static final PostgresServer SERVER = PostgresServer.start();

    static {
      // For its data, which would fill the disk run by run.
      Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
    }
  }
}
