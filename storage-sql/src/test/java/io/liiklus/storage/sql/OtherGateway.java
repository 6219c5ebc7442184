package io.liiklus.storage.sql;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A gateway in a process of its own: publishes a record, and another one when it is told to end.
 */
final class OtherGateway {

  private OtherGateway() {}

  public static void main(String[] args) throws IOException {
    try (var gateway = Gateway.open(TestSettings.of("jdbc:sqlite:" + Path.of(args[0])))) {
      Gateway.get(gateway.publish("topic", "first of the other"));
      System.out.println("published");
      int end = System.in.read();
      Gateway.get(gateway.publish("topic", "second of the other"));
      System.out.println("ended " + end);
    }
  }
}
