package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.StorageContext;
import io.liiklus.server.plugins.TestPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginSettingsTest {

  private static final String REFERENCE =
      """
      # A library's own, within the plugin's jar.
      grpc.port = 1
      akka.x = 1

      demo {
        size = 1 KiB
        options {}
      }
      """;

  private static final String CHECKS_ITS_KEYS =
      """
      public void check(Settings settings) {
        settings.bytes("size", 10, 2048);
        if (settings.map("options").containsKey("bad")) {
          settings.refuse("options.bad", "is bad");
        }
      }
      """;

  @TempDir Path home;

  private Start start() {
    return new Start(home).arguments("--storage.positions.type=MEMORY");
  }

  private static TestPlugin demo() {
    return TestPlugin.ofRecords("DEMO", "demo", CHECKS_ITS_KEYS).file("reference.conf", REFERENCE);
  }

  @Test
  void pluginStorage_isChosenAndOpened() throws IOException {
    demo().write(home.resolve("plugins/demo.jar"));
    var start =
        start()
            .file("demo.size = 11")
            .variable("STORAGE_RECORDS_TYPE", "DEMO")
            .variable("DEMO_OPTIONS_A_B", "c");
    try (var loaded = start.open();
        var records = loaded.openRecords(StorageContext.NONE)) {
      assertThat(loaded.records().type()).isEqualTo("DEMO");
      assertThat(loaded.changed()).anyMatch(line -> line.startsWith("demo.options.a.b = c "));
      assertThat(loaded.warnings()).isEmpty();
      assertThat(records.endOffsets("t").toCompletableFuture())
          .isCompletedWithValue(Map.of(7, new OffsetRange(0, 42)));
    }
  }

  @Test
  void pluginKeys_areCheckedAgainstItsReference() {
    demo().write(home.resolve("plugins/demo.jar"));
    var start =
        start()
            .arguments("--storage.records.type=DEMO", "--demo.size=1", "--demo.sice=1")
            .arguments("--demo.options.bad=1");
    assertThat(start.refusals())
        .containsExactlyInAnyOrder(
            "demo.sice: unknown key; did you mean demo.size? (from the command line)",
            "demo.size: 1 is not allowed; a size from 10 bytes to 2 KiB, as 1048576, 1 MiB or 1MB"
                + " (from the command line)",
            "demo.options.bad: is bad (from the command line)");
  }

  @Test
  void pluginReference_givesOnlyItsOwnRoots() {
    demo().write(home.resolve("plugins/demo.jar"));
    assertThat(start().grpcPort()).isEqualTo(6565);
    assertThat(start().arguments("--akka.x=2").refusals())
        .containsExactly("akka.x: unknown key (from the command line)");
  }

  @Test
  void unknownType_isRefusedNamingThoseOfPlugins() {
    demo().write(home.resolve("plugins/demo.jar"));
    assertThat(start().arguments("--storage.records.type=X").refusals())
        .containsExactly(
            "storage.records.type: there is no storage X; known are DEMO, KAFKA, MEMORY, SQL (from"
                + " the command line)");
  }

  @Test
  void typeOfTheClassPathInAPlugin_isRefused() {
    var jar =
        TestPlugin.ofRecords("KAFKA", "demo", CHECKS_ITS_KEYS).write(home.resolve("plugins/k.jar"));
    assertThat(start().refusals())
        .containsExactly(
            "the records storage KAFKA is there twice: from the class path and from the plugin "
                + jar);
  }

  @Test
  void takenRoot_isRefused() {
    var jar =
        TestPlugin.ofRecords("DEMO", "grpc", CHECKS_ITS_KEYS).write(home.resolve("plugins/d.jar"));
    assertThat(start().refusals())
        .containsExactly("plugin " + jar + ": its settings root grpc is taken already");
  }

  @Test
  void unparsableReference_isRefused() {
    var jar = demo().file("reference.conf", "demo {").write(home.resolve("plugins/demo.jar"));
    assertThat(start().refusals())
        .singleElement()
        .asString()
        .startsWith("plugin " + jar + ": its reference.conf cannot be read: ");
  }

  @Test
  void failingCheck_isRefused() {
    var members = "public void check(Settings settings) { settings.text(\"nokey\"); }";
    var jar = TestPlugin.ofRecords("DEMO", "demo", members).write(home.resolve("plugins/d.jar"));
    assertThat(start().arguments("--storage.records.type=DEMO").refusals())
        .containsExactly(
            "demo: the storage DEMO from the plugin "
                + jar
                + " could not check its settings: java.lang.IllegalArgumentException: no"
                + " reference.conf has the key demo.nokey");
  }

  @Test
  void brokenJar_isRefusedWithItsPathAndAllElseThatIsWrong() throws IOException {
    Files.createDirectories(home.resolve("plugins"));
    var jar = Files.writeString(home.resolve("plugins/no.jar"), "no");
    assertThat(start().arguments("--grpc.port=x").refusals())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("plugin " + jar + " is not a readable jar: "))
        .anyMatch(line -> line.startsWith("grpc.port: x is not allowed"));
  }

  @Test
  void folderAndPattern_areSettings() {
    demo().write(home.resolve("elsewhere/demo.zip"));
    var start =
        start()
            .file("plugins { dir = elsewhere, pathMatcher = \"*.zip\" }")
            .arguments("--storage.records.type=DEMO");
    assertThat(start.load().records().type()).isEqualTo("DEMO");
  }

  @Test
  void namedFolder_mustExist() {
    assertThat(start().arguments("--plugins.dir=missing").refusals())
        .containsExactly(
            "plugins.dir: there is no folder "
                + home.resolve("missing")
                + " (from the command line)");
  }

  @Test
  void folderThatIsAFileUri_isAPath() {
    assertThat(start().arguments("--plugins.dir=file:" + home + "/mis%20sing").refusals())
        .containsExactly(
            "plugins.dir: there is no folder "
                + home.resolve("mis sing")
                + " (from the command line)");
  }

  @Test
  void invalidGlob_isRefused() {
    assertThat(start().arguments("--plugins.pathMatcher={a").refusals())
        .singleElement()
        .asString()
        .startsWith("plugins.pathMatcher: not a glob, as *.jar is one: ");
  }
}
