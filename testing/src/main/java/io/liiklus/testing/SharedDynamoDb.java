package io.liiklus.testing;

/**
 * One server of DynamoDB's API for all tests of a JVM, started on first use and ended with the JVM.
 * Tests keep apart by the names of their tables, and leave the server running. Thread-safe.
 */
public final class SharedDynamoDb {

  private SharedDynamoDb() {}

  /** The same server for every caller. */
  public static DynamoDbServer server() {
    return Holder.SERVER;
  }

  private static final class Holder {
    static final DynamoDbServer SERVER = DynamoDbServer.start();

    static {
      // For its data, which would fill the disk run by run.
      Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
    }
  }
}
