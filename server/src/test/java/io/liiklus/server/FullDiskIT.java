package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayProcess;
import io.liiklus.server.gateway.UnpackedRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The embedded file on a disk that is full, or read-only: one in memory, which is mounted for the
 * gateway's process alone. Where the kernel forbids that, nothing is tested.
 */
class FullDiskIT {

  private static final String TOPIC = "large";
  private static final String VALUE = "x".repeat(200_000);

  @TempDir private Path folder;
  private UnpackedRelease release;
  private Path disk;

  @BeforeEach
  void unpack() throws Exception {
    var tried = new ProcessBuilder("unshare", "-rm", "true");
    assumeThat(tried.start().waitFor()).as("namespaces are allowed").isZero();
    release = UnpackedRelease.in(folder);
    disk = Files.createDirectory(folder.resolve("disk"));
  }

  @Test
  void fullDisk_refusesRecordsUntilThereIsRoom() throws Exception {
    try (var gateway =
        new GatewayProcess(
            release, Map.of("LIIKLUS_DATA", disk.toString()), "--sql.partitions=1")) {
      gateway.launch(
          onDisk("head -c 4000000 /dev/zero >ballast", "cd .. && exec \"$script\" \"$@\""));
      try (var client = new GatewayClient(gateway.port())) {
        await()
            .atMost(UnpackedRelease.PATIENCE)
            .until(() -> publish(client, new TreeMap<>()).isOk());
        var stored = new TreeMap<Long, String>();
        Status status;
        do {
          status = publish(client, stored);
        } while (status.isOk());

        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription()).contains("make room on the disk");
        Files.delete(Path.of("/proc/" + gateway.pid() + "/root" + disk + "/ballast"));
        await()
            .atMost(GatewayClient.PATIENCE)
            .untilAsserted(() -> assertThat(publish(client, stored)).isEqualTo(Status.OK));
        requireReceived(client, stored);
      }
      assertThat(gateway.log())
          .contains("WARN", "the disk of the embedded file has little room left, ")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void startOnAFullDisk_isRefusedAndLeavesTheFileAlone() throws Exception {
    var data = Files.createDirectory(folder.resolve("data"));
    try (var gateway =
        new GatewayProcess(release, Map.of("LIIKLUS_DATA", data.toString())).start()) {
      try (var client = new GatewayClient(gateway.port())) {
        client.publish(TOPIC, "k", "v");
      }
      gateway.kill();
    }
    try (var gateway = new GatewayProcess(release, Map.of("LIIKLUS_DATA", disk.toString()))) {
      gateway.launch(
          onDisk(
              "cp '" + data + "'/liiklus.db '" + data + "'/liiklus.db-wal .",
              "cat liiklus.db* | cksum",
              "touch liiklus.db.lock; head -c 9000000 /dev/zero >ballast 2>/dev/null",
              "(cd .. && \"$script\" \"$@\"); code=$?",
              "cat liiklus.db liiklus.db-wal | cksum; exit $code"));
      var run = gateway.finish();

      assertThat(run.exitCode()).isEqualTo(1);
      var lines = run.out().lines().toList();
      assertThat(lines.get(lines.size() - 1)).isEqualTo(lines.get(0));
      assertThat(run.out().lines().filter(line -> line.contains(" ERROR ")))
          .singleElement()
          .asString()
          .contains("cannot start: sql.url: ", "disk");
      assertThat(run.out()).doesNotContain("\tat ");
    }
  }

  @Test
  void startOnAReadOnlyDisk_isRefused() throws Exception {
    try (var gateway = new GatewayProcess(release, Map.of("LIIKLUS_DATA", disk.toString()))) {
      gateway.launch(onDisk("mount -o remount,ro .", "cd .. && exec \"$script\" \"$@\""));
      var run = gateway.finish();

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out().lines().filter(line -> line.contains(" ERROR ")))
          .singleElement()
          .asString()
          .contains("cannot start: sql.url: " + disk, "is mounted read-only; mount it writable");
    }
  }

  private static Status publish(GatewayClient client, Map<Long, String> stored) {
    try {
      var value = stored.size() + VALUE;
      stored.put(client.publish(TOPIC, "k", value).getOffset(), value);
      return Status.OK;
    } catch (StatusRuntimeException failed) {
      return failed.getStatus();
    }
  }

  private static void requireReceived(GatewayClient client, Map<Long, String> stored) {
    try (var subscription = client.subscribe(TOPIC, "readers", 0)) {
      var received = new TreeMap<Long, String>();
      var replies = client.receive(subscription.next().getAssignment());
      while (!received.keySet().containsAll(stored.keySet())) {
        for (var reply : replies.take(1)) {
          var record = reply.getRecord();
          received.put(record.getOffset(), record.getValue().toStringUtf8());
        }
      }
      assertThat(received).containsAllEntriesOf(stored);
    }
  }

  /** A script that runs these lines, in a folder that is a disk of 8 MB. */
  private Path onDisk(String... lines) throws IOException {
    var inside = folder.resolve("inside.sh");
    Files.writeString(
        inside,
        "mount -t tmpfs -o size=8000k none '%s' || exit 99\ncd '%s'\nscript='%s'\n%s\n"
            .formatted(disk, disk, release.script(), String.join("\n", lines)));
    var script = folder.resolve("on-disk.sh");
    Files.writeString(script, "#!/bin/sh\nexec unshare -rm sh '" + inside + "' \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }
}
