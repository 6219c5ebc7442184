package io.liiklus.server.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedPluginTest {

  @TempDir Path home;

  private Path write(String file, String types, String roots) {
    return new TestPlugin().manifest(types, roots).write(home.resolve(file));
  }

  @Test
  void pluginsOfARelease_areThoseThatAreAvailable() throws IOException {
    var second = write("plugins/available/liiklus-two.jar", "two, THREE", "two,three");
    var first = write("plugins/available/liiklus-one.jar", "ONE", "one");
    new TestPlugin().write(home.resolve("plugins/available/liiklus-no.jar"));
    write("plugins/available/another.jar", "FOUR", "four");
    write("plugins/liiklus-enabled.jar", "FIVE", "five");
    write("module/target/liiklus-built.jar", "SIX", "six");

    assertThat(ShippedPlugin.find(home))
        .containsExactly(
            new ShippedPlugin(first, List.of("ONE"), List.of("one")),
            new ShippedPlugin(second, List.of("TWO", "THREE"), List.of("two", "three")));
  }

  @Test
  void pluginsOfAClone_areThoseThatItsModulesBuilt() throws IOException {
    Files.createDirectories(home.resolve("server"));
    Files.writeString(home.resolve("server/pom.xml"), "");
    var built = write("module/target/liiklus-one.jar", "ONE", "one");
    new TestPlugin().write(home.resolve("api/target/liiklus-api-1.0.0.jar"));
    Files.writeString(home.resolve("api/target/liiklus-no.jar"), "no jar");

    assertThat(ShippedPlugin.find(home)).extracting(ShippedPlugin::jar).containsExactly(built);
  }

  @Test
  void homeWithoutPlugins_hasNone() throws IOException {
    assertThat(ShippedPlugin.find(home)).isEmpty();
  }

  @Test
  void plugin_isNamedByItsFileOrByATypeInAnyCase() {
    var plugin =
        new ShippedPlugin(Path.of("liiklus-aws.jar"), List.of("DYNAMODB", "S3"), List.of("s3"));

    assertThat(plugin.name()).isEqualTo("aws");
    assertThat(List.of("aws", "AWS", "dynamodb", "S3")).allMatch(plugin::isNamed);
    assertThat(List.of("liiklus-aws", "s", "")).noneMatch(plugin::isNamed);
  }
}
