package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.OpenPositions;
import io.liiklus.testing.SharedRedis;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Lettuce speaks to Unix sockets by native code, which must be there and load. */
@EnabledOnOs(OS.LINUX)
class UnixSocketIT {

  @Test
  void redisBehindASocket_isUsed() throws IOException {
    // A socket's path has a bound of 107 bytes.
    var folder = Files.createTempDirectory("s");
    var socket = folder.resolve("s");
    try (var server = listen(socket)) {
      start(() -> accept(server));
      var settings =
          TestSettings.at("redis-socket://" + socket).with("positionsProperties.prefix", "socket:");
      try (var storage =
          OpenPositions.open(new RedisPositionsStorageFactory(), settings).untilConnected()) {
        storage.store("topic", "group", 0, 5);
        assertThat(storage.findVersions("topic", "group")).isEqualTo(Map.of(0, Map.of(0, 5L)));
      }
    } finally {
      Files.deleteIfExists(socket);
      Files.delete(folder);
    }
  }

  private static ServerSocketChannel listen(Path socket) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket));
  }

  private interface Task {
    void run() throws IOException;
  }

  /** Ends with the channels: an exception is how that is told. */
  private static void start(Task task) {
    var thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException closed) {
                assertThat(closed).isNotNull();
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void accept(ServerSocketChannel server) throws IOException {
    var redis = SharedRedis.server();
    while (true) {
      var client = server.accept();
      var behind = SocketChannel.open(new InetSocketAddress(redis.host(), redis.port()));
      start(() -> copy(client, behind));
      start(() -> copy(behind, client));
    }
  }

  private static void copy(SocketChannel from, SocketChannel to) throws IOException {
    var buffer = ByteBuffer.allocate(8192);
    try (from;
        to) {
      while (from.read(buffer.clear()) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
      }
    }
  }
}
