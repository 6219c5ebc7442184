package io.liiklus.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liiklus.client.LiiklusClient;
import io.liiklus.client.ReceivedRecord;
import java.io.PrintStream;

/**
 * Prints each record of a topic, as a member of a consumer group, until it is interrupted.
 * Arguments: {@code [HOST:PORT [TOPIC [GROUP]]]}. Confined to the main thread, but for the handler.
 */
public final class Consumer {

  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);

  private Consumer() {}

  public static void main(String[] arguments) {
    var target = arguments.length > 0 ? arguments[0] : "localhost:6565";
    var topic = arguments.length > 1 ? arguments[1] : "example";
    var group = arguments.length > 2 ? arguments[2] : "example-java";
    try (var client = LiiklusClient.connect(target);
        var consumer = client.consumer(topic, group).handle(Consumer::print)) {
      // The client connects again by itself.
      consumer.ended().join();
    }
  }

  /** Acknowledged once it returns: at least once. A record whose ack is lost comes again. */
  private static void print(ReceivedRecord record) {
    OUT.println(record.value().toStringUtf8());
  }
}
