package io.liiklus.server;

import io.liiklus.server.gateway.Gateway;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class SqlConsumeIT extends ConsumeContract {

  @TempDir static Path folder;

  private static Gateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            "--sql.url=jdbc:sqlite:" + folder.resolve("consume.db"),
            "--sql.partitions=" + PARTITIONS);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Override
  Gateway gateway() {
    return gateway;
  }

  @Override
  String[] settings() {
    return null;
  }

  @Override
  String newTopic() {
    return name();
  }
}
