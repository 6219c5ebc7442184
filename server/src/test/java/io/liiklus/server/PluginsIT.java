package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.gateway.UnpackedRelease;
import io.liiklus.server.gateway.UnpackedRelease.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plugins of a release, by its start script. */
class PluginsIT {

  private static final Path CASSANDRA =
      Path.of("../positions-cassandra/target/liiklus-cassandra.jar");

  /** Within the driver's Guava and within Netty, under the licence of these. */
  private static final Set<String> NESTED =
      Set.of("com.google.j2objc:j2objc-annotations", "org.jctools:jctools-core");

  private static final String LINK = "plugins/liiklus-cassandra.jar";

  @TempDir private Path folder;
  private UnpackedRelease release;

  @BeforeEach
  void unpack() throws IOException {
    release = UnpackedRelease.in(folder);
    var available = Files.createDirectories(release.home().resolve("plugins/available"));
    Files.copy(CASSANDRA, available.resolve(CASSANDRA.getFileName()));
  }

  private Run run(String... arguments) throws Exception {
    return release.run(release.script(), Map.of(), arguments);
  }

  private Run check() throws Exception {
    return run(
        "--check-config",
        "--kafka.bootstrapServers=127.0.0.1:9092",
        "--storage.positions.type=CASSANDRA",
        "--cassandra.contactPoints=127.0.0.1");
  }

  @Test
  void pluginThatIsNotEnabled_isNamedWhereItsStorageOrItsKeyIsAskedFor() throws Exception {
    var advice =
        "the plugin plugins/available/liiklus-cassandra.jar, which is not enabled: bin/liiklus"
            + " plugins enable cassandra (from the command line)\n";

    var refused = check();

    assertThat(refused.err())
        .contains("storage.positions.type: CASSANDRA is of " + advice)
        .contains("cassandra.contactPoints: cassandra.* is of " + advice);
    assertThat(refused.exitCode()).isEqualTo(2);
  }

  @Test
  void enabledPlugin_isLoadedUntilItIsDisabled() throws Exception {
    var enabled = run("plugins", "enable", "Cassandra");
    assertThat(enabled.err()).isEmpty();
    assertThat(enabled.out()).startsWith("enabled cassandra: ").endsWith(LINK + "\n");
    assertThat(Files.readSymbolicLink(release.home().resolve(LINK)))
        .isEqualTo(Path.of("available/liiklus-cassandra.jar"));

    assertThat(check().err()).isEmpty();
    assertThat(run("plugins", "enable", "cassandra").exitCode()).isZero();
    assertThat(run("plugins").out())
        .containsPattern("cassandra +CASSANDRA +\\d+\\.\\d MB +enabled");

    assertThat(run("plugins", "disable", "cassandra").out()).isEqualTo("disabled cassandra\n");
    assertThat(release.home().resolve(LINK)).doesNotExist();
    assertThat(check().exitCode()).isEqualTo(2);
  }

  @Test
  void unknownPlugin_isNamedAndNoneIsEnabled() throws Exception {
    var refused = run("plugins", "enable", "cassandra,kassandra");

    assertThat(refused.err())
        .isEqualTo("liiklus: there is no plugin kassandra; there are cassandra\n");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(release.home().resolve(LINK)).doesNotExist();
  }

  @Test
  void folderOfTheSettings_isTheOneOfTheCommands() throws Exception {
    var elsewhere = Files.createDirectories(folder.resolve("else where"));
    Files.writeString(
        release.home().resolve("conf/liiklus.conf"), "plugins.dir = \"" + elsewhere + "\"");

    assertThat(run("plugins", "enable", "cassandra").exitCode()).isZero();

    assertThat(elsewhere.resolve("liiklus-cassandra.jar")).exists();
    assertThat(check().err()).isEmpty();
  }

  @Test
  void patternThatDoesNotMatch_isReported() throws Exception {
    Files.writeString(
        release.home().resolve("conf/liiklus.conf"), "plugins.pathMatcher = \"my-*.jar\"");

    assertThat(run("plugins", "enable", "cassandra").err())
        .isEqualTo(
            "liiklus: liiklus-cassandra.jar would not be loaded: plugins.pathMatcher = my-*.jar does"
                + " not match it\n");
  }

  /** Of each library whose classes are in the jar, and of the gateway. */
  @ParameterizedTest
  @ValueSource(
      strings = {"positions-cassandra/target/liiklus-cassandra.jar", "aws/target/liiklus-aws.jar"})
  void jar_hasTheLicencesOfAllThatIsInIt(String path) throws Exception {
    try (var jar = new JarFile(Path.of("..", path).toFile())) {
      var libraries = text(jar, "META-INF/DEPENDENCIES");
      var names = new TreeSet<String>();
      for (var entry : jar.stream().filter(e -> e.getName().endsWith("/pom.properties")).toList()) {
        var properties = new Properties();
        properties.load(jar.getInputStream(entry));
        names.add(properties.getProperty("groupId") + ":" + properties.getProperty("artifactId"));
      }
      names.removeIf(name -> name.startsWith("io.liiklus:"));
      names.removeAll(NESTED);

      assertThat(names)
          .hasSizeGreaterThan(8)
          .allSatisfy(name -> assertThat(libraries).contains(name));
      assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License");
      assertThat(text(jar, "META-INF/licenses/liiklus.txt")).contains("MIT License");
      assertThat(jar.getEntry("io/liiklus/api/PositionsStorage.class")).isNull();
    }
  }

  private static String text(JarFile jar, String name) throws IOException {
    var bytes = jar.getInputStream(jar.getEntry(name)).readAllBytes();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void commandWithoutAName_saysHowItIsUsed() throws Exception {
    var misused = run("plugins", "enable");

    assertThat(misused.err()).contains("NAME").contains("liiklus plugins enable --help");
    assertThat(misused.exitCode()).isEqualTo(2);
  }
}
