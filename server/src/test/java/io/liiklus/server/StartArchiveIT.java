package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.gateway.UnpackedRelease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that the start script makes, and starts with where it fits. */
class StartArchiveIT {

  /** Makes a JVM tell where each class comes from. */
  private static final String TELL = "-Xlog:class+load";

  /** What it tells of one from the archive. */
  private static final String FROM_ARCHIVE = " source: shared objects file (top)";

  @TempDir private static Path archived;
  private static UnpackedRelease release;

  @TempDir private Path folder;

  @BeforeAll
  static void makeArchive() throws Exception {
    release = UnpackedRelease.in(archived);

    var run = release.run(release.script(), Map.of(), "--archive");

    assertThat(run.out()).isEmpty();
    assertThat(run.err()).endsWith("\nliiklus: made lib/liiklus.jsa\n").hasLineCount(2);
    assertThat(run.exitCode()).isZero();
    assertThat(lib(release)).containsExactlyInAnyOrder("ext", "liiklus.jar", "liiklus.jsa");
  }

  @Test
  void archive_hasTheClassesOfAGatewayStartAndItsStorages() throws Exception {
    assertThat(Files.readString(archive(release), StandardCharsets.ISO_8859_1))
        .contains("io/liiklus/server/grpc/calls/ReceiveCall")
        .contains("org/sqlite/core/NativeDB", "org/postgresql/Driver")
        .contains("org/apache/kafka/clients/producer/KafkaProducer")
        .contains("org/apache/kafka/clients/admin/KafkaAdminClient")
        .contains("io/lettuce/core/RedisClient");
  }

  @Test
  void gateway_takesItsClassesFromTheArchive() throws Exception {
    var run = release.run(release.script(), Map.of("JAVA_OPTS", TELL), "--version");

    assertThat(run.out()).contains("io.liiklus.server.Main" + FROM_ARCHIVE);
  }

  @Test
  void gateway_takesItsClassesFromTheArchiveBesideJarsInLibExt() throws Exception {
    var ext = release.home().resolve("lib/ext/callbacks.jar");
    Files.copy(release.home().resolve("lib/liiklus.jar"), ext);

    var run = release.run(release.script(), Map.of("JAVA_OPTS", TELL), "--version");

    Files.delete(ext);
    assertThat(run.out()).contains("io.liiklus.server.Main" + FROM_ARCHIVE);
  }

  @Test
  void client_takesItsClassesFromTheArchive() throws Exception {
    var environment = Map.of("JDK_JAVA_OPTIONS", TELL);

    var run =
        release.run(
            release.script(), environment, "publish", "orders", "a", "--address=127.0.0.1:1");

    assertThat(run.out()).contains("io.grpc.internal.ManagedChannelImpl" + FROM_ARCHIVE);
  }

  @Test
  void archiveOfAnotherJar_isIgnoredSilently() throws Exception {
    var other = UnpackedRelease.in(folder);
    var jar = other.home().resolve("lib/liiklus.jar");
    Files.delete(jar);
    Files.copy(Path.of("target/liiklus.jar"), jar);
    Files.copy(archive(release), archive(other));

    assertStartsWithoutArchive(other);
  }

  @Test
  void fileThatIsNoArchive_isIgnoredSilently() throws Exception {
    var other = UnpackedRelease.in(folder);
    Files.writeString(archive(other), "of a Java that is gone");

    assertStartsWithoutArchive(other);
  }

  @Test
  void start_writesNothingIntoTheRelease() throws Exception {
    var other = UnpackedRelease.in(folder);

    other.run(other.script(), Map.of(), "--check-config");

    assertThat(lib(other)).containsExactlyInAnyOrder("ext", "liiklus.jar");
  }

  @Test
  void failedArchive_saysWhyAndLeavesNothing() throws Exception {
    var other = UnpackedRelease.in(folder);

    var run = other.run(other.script(), Map.of("JAVA_OPTS", "-XX:+NoSuchOption"), "--archive");

    assertThat(run.err())
        .contains("\nliiklus: no archive could be made: ")
        .contains("NoSuchOption");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(lib(other)).containsExactlyInAnyOrder("ext", "liiklus.jar");
  }

  private static void assertStartsWithoutArchive(UnpackedRelease other) throws Exception {
    var quiet = other.run(other.script(), Map.of(), "--version");
    assertThat(quiet.err()).isEmpty();
    assertThat(quiet.out()).startsWith("liiklus ").hasLineCount(1);
    assertThat(quiet.exitCode()).isZero();

    var told = other.run(other.script(), Map.of("JAVA_OPTS", TELL), "--version");
    assertThat(told.out()).contains("io.liiklus.server.Main source: ").doesNotContain(FROM_ARCHIVE);
  }

  private static Path archive(UnpackedRelease unpacked) {
    return unpacked.home().resolve("lib/liiklus.jsa");
  }

  private static Stream<String> lib(UnpackedRelease unpacked) throws IOException {
    try (var files = Files.list(unpacked.home().resolve("lib"))) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }
}
