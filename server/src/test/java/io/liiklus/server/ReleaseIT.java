package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The release archive that was built, unpacked as an operator does. */
class ReleaseIT {

  private static final long PATIENCE_SECONDS = 60;

  @TempDir private Path folder;

  @BeforeEach
  void unpack() throws Exception {
    var tar =
        new ProcessBuilder(
                "tar",
                "-xzf",
                archive().toString(),
                "-C",
                folder.toString(),
                "--strip-components=1")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(tar.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(tar.exitValue()).isZero();
  }

  @Test
  void release_hasWhatItsOperationsPageLists() {
    assertThat(
            List.of(
                "bin/liiklus",
                "conf/liiklus.conf",
                "conf/jvm.options",
                "conf/liiklus.service",
                "conf/logback.xml",
                "conf/reference/gateway.conf",
                "conf/reference/kafka.conf",
                "conf/reference/memory.conf",
                "conf/reference/cassandra.conf",
                "conf/reference/pulsar.conf",
                "conf/reference/redis.conf",
                "conf/reference/sql.conf",
                "lib/liiklus.jar",
                "lib/ext",
                "plugins/available/liiklus-cassandra.jar",
                "plugins/available/liiklus-pulsar.jar",
                "proto/src/main/protobuf/LiiklusService.proto",
                "LICENSE"))
        .allSatisfy(name -> assertThat(folder.resolve(name)).exists());
    assertThat(folder.resolve("bin/liiklus")).isExecutable();
  }

  @Test
  void pages_linkToFilesOfTheRelease() throws IOException {
    var pages = new PageLinks(folder);
    var links = pages.of("");
    assertThat(links).hasSizeGreaterThan(30);

    assertThat(links).filteredOn(link -> !pages.isResolved(link)).isEmpty();
  }

  private static Path archive() throws IOException {
    try (var files = Files.newDirectoryStream(Path.of("target"), "liiklus-*.tar.gz")) {
      return files.iterator().next();
    }
  }
}
