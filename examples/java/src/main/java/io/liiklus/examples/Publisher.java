package io.liiklus.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liiklus.client.LiiklusClient;
import io.liiklus.client.PublisherOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/**
 * Publishes each line of the standard input as a record, in order. Arguments: {@code [HOST:PORT
 * [TOPIC]]}. Confined to the main thread.
 */
public final class Publisher {

  private Publisher() {}

  public static void main(String[] arguments) throws IOException {
    var target = arguments.length > 0 ? arguments[0] : "localhost:6565";
    var topic = arguments.length > 1 ? arguments[1] : "example";
    // A record that is sent again may be stored twice.
    var options = PublisherOptions.DEFAULTS.withUnknownRetried();
    try (var client = LiiklusClient.connect(target);
        var publisher = client.publisher(options);
        var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        // Records of one key go to one partition and keep their order.
        var reply = publisher.publish(topic, "lines", line).join();
        System.out.println("partition " + reply.getPartition() + " offset " + reply.getOffset());
      }
    }
  }
}
