package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.plugins.TestPlugin;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of a plugin that came with the release and is not enabled. */
class DisabledPluginsTest {

  private static final String ADVICE =
      "the plugin plugins/available/liiklus-demo.jar, which is not enabled: bin/liiklus plugins"
          + " enable demo";

  @TempDir Path home;

  @BeforeEach
  void ships() {
    plugin().write(home.resolve("plugins/available/liiklus-demo.jar"));
  }

  private static TestPlugin plugin() {
    return TestPlugin.ofRecords("DEMO", "pulsar", "public void check(Settings settings) {}")
        .manifest("DEMO", "pulsar,other")
        .file(
            "reference.conf",
            """
            library { x = ${library.y}, y = 1 }
            pulsar { serviceUrl = "", options {} }
            other.key = 1
            """);
  }

  private Start start() {
    return new Start(home).arguments("--storage.positions.type=MEMORY");
  }

  private Start serving() {
    return start().arguments("--storage.records.type=MEMORY");
  }

  @Test
  void typeOfAPlugin_isRefusedNamingTheCommand() {
    assertThat(start().arguments("--storage.records.type=demo").refusals())
        .containsExactly("storage.records.type: DEMO is of " + ADVICE + " (from the command line)");
  }

  @Test
  void keyOfAPlugin_isRefusedNamingTheCommandWhereverItIsFrom() {
    assertThat(serving().arguments("--pulsar.any=x").refusals())
        .containsExactly("pulsar.any: pulsar.* is of " + ADVICE + " (from the command line)");
    assertThat(serving().property("other.key", "2").refusals())
        .containsExactly("other.key: other.* is of " + ADVICE + " (from a system property)");
    assertThat(serving().file("pulsar { a = 1, b = 2 }").refusals())
        .singleElement()
        .asString()
        .startsWith("pulsar: pulsar.* is of " + ADVICE + " (from the file ");
  }

  @Test
  void variableOfAPluginsKey_isRefused() {
    assertThat(serving().variable("PULSAR_SERVICE_URL", "pulsar://h").refusals())
        .containsExactly("environment variable PULSAR_SERVICE_URL: its key is of " + ADVICE);
    assertThat(serving().variable("pulsar_options_a", "b").refusals()).hasSize(1);
  }

  /** Container platforms set them where a service has the name. */
  @Test
  void variableOfNoKey_isNotRefused() {
    assertThat(serving().variable("OTHER_SERVICE_HOST", "10.0.0.1").warnings()).isEmpty();
    assertThat(serving().variable("PULSAR_PORT", "tcp://10.0.0.1:6650").warnings())
        .singleElement()
        .asString()
        .contains("PULSAR_PORT: means nothing here");
  }

  @Test
  void unknownKeyOfAnEnabledPlugin_isUnknown() {
    plugin().write(home.resolve("plugins/liiklus-demo.jar"));

    assertThat(serving().arguments("--pulsar.any=x").refusals())
        .containsExactly("pulsar.any: unknown key (from the command line)");
    assertThat(serving().arguments("--pulsar.serviceUrl=x").warnings())
        .containsExactly(
            "pulsar.serviceUrl: no effect, as records are in MEMORY and positions in MEMORY");
  }
}
