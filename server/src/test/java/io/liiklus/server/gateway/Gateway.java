package io.liiklus.server.gateway;

import io.liiklus.server.GatewayOptions;
import io.liiklus.server.LiiklusServer;
import io.liiklus.server.settings.CommandLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A gateway in the test's own process, on free ports; with records in memory where the settings do
 * not say where. Thread-safe.
 */
public final class Gateway implements AutoCloseable {

  /** Settings that say where records are. */
  private static final List<String> RECORDS =
      List.of("--storage.records.type=", "--kafka.bootstrapServers=", "--sql.url=");

  private final LiiklusServer server;

  private Gateway(LiiklusServer server) {
    this.server = server;
  }

  public static Gateway start(String... settings) {
    return startIn(Map.of(), settings);
  }

  public static Gateway startIn(Map<String, String> environment, String... settings) {
    var arguments =
        new ArrayList<>(
            List.of("--grpc.host=127.0.0.1", "--grpc.port=0", "--server.host=127.0.0.1"));
    arguments.add("--server.port=0");
    arguments.addAll(List.of(settings));
    if (Stream.of(settings).noneMatch(Gateway::namesRecords)) {
      arguments.add("--storage.records.type=MEMORY");
    }
    var commandLine = CommandLine.parse(arguments.toArray(String[]::new));
    try {
      return new Gateway(
          LiiklusServer.start(
              GatewayOptions.load(
                  commandLine, environment, Map.of("liiklus.home", "target/no-such-folder"))));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static boolean namesRecords(String setting) {
    return RECORDS.stream().anyMatch(setting::startsWith);
  }

  public int port() {
    return server.grpcPort();
  }

  public int opsPort() {
    return server.opsPort();
  }

  /** The page of its metrics. */
  public String metrics() {
    var page = URI.create("http://127.0.0.1:" + opsPort() + "/prometheus");
    try (var body = page.toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
