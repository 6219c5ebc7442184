package io.liiklus.server;

import io.liiklus.server.grpc.TrainingCalls;
import io.liiklus.server.settings.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Starts for a class archive: {@code bin/liiklus --archive} has the JVM store the classes that they
 * load in a file, where later starts find them. No setting of the operator is read, no port is
 * fixed, and no server is needed: one start stores all in a temporary file; the others have Kafka
 * and Redis, or PostgreSQL, where nothing listens, since opening their clients loads most of their
 * classes. Immutable.
 */
public final class TrainingRun {

  private static final String AWAY = "127.0.0.1:1";

  private TrainingRun() {}

  public static void main(String[] arguments) throws IOException {
    var folder = Files.createTempDirectory("liiklus");
    try {
      var file = Files.createFile(folder.resolve("liiklus.conf"));
      try (var embedded = start(file, "--sql.url=jdbc:sqlite:" + folder.resolve("liiklus.db"))) {
        TrainingCalls.make(embedded.grpcPort());
      }
      start(file, "--kafka.bootstrapServers=" + AWAY, "--redis.uri=redis://" + AWAY).close();
      start(file, "--sql.url=jdbc:postgresql://" + AWAY + "/liiklus").close();
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static LiiklusServer start(Path file, String... storages) throws IOException {
    long startNs = System.nanoTime();
    var own =
        List.of(
            "--config=" + file,
            "--grpc.host=127.0.0.1",
            "--grpc.port=0",
            "--server.host=127.0.0.1",
            "--server.port=0");
    var arguments = Stream.concat(own.stream(), Stream.of(storages)).toArray(String[]::new);
    // The home has no plugins.
    var home = Map.of("liiklus.home", file.toString());
    var loaded = GatewayOptions.load(CommandLine.parse(arguments), Map.of(), home);
    var server = Main.start(loaded);
    Main.announce(server, loaded, startNs);
    return server;
  }
}
