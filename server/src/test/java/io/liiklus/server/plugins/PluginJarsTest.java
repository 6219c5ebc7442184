package io.liiklus.server.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginJarsTest {

  @TempDir Path folder;

  private List<String> find(String glob) throws IOException {
    for (var name : List.of("b.jar", "a.jar", "a.txt", "sub/c.jar", "1/2/3/4/deep.jar")) {
      var file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
    }
    Files.createDirectories(folder.resolve("folder.jar"));
    return PluginJars.find(folder, glob).stream()
        .map(jar -> folder.relativize(jar).toString())
        .toList();
  }

  @Test
  void star_findsTheFilesOfTheFolderByName() throws IOException {
    assertThat(find("*.jar")).containsExactly("a.jar", "b.jar");
  }

  @Test
  void twoStars_reachIntoFoldersWithinABound() throws IOException {
    assertThat(find("**.jar")).containsExactly("a.jar", "b.jar", "sub/c.jar");
    assertThat(find("**/*.jar")).containsExactly("sub/c.jar");
  }

  @Test
  void pluginsThatAreNotEnabled_areNeverFound() throws IOException {
    Files.createDirectories(folder.resolve("available"));
    Files.writeString(folder.resolve("available/d.jar"), "");
    assertThat(find("**.jar")).containsExactly("a.jar", "b.jar", "sub/c.jar");
    assertThat(find("available/*.jar")).isEmpty();
  }

  @Test
  void linkToAFileThatIsGone_isFound() throws IOException {
    Files.createSymbolicLink(folder.resolve("c.jar"), Path.of("gone.jar"));
    assertThat(find("c.*")).containsExactly("c.jar");
  }

  @Test
  void pattern_mayNameItsSyntax() throws IOException {
    assertThat(find("glob:{a,b}.*")).containsExactly("a.jar", "a.txt", "b.jar");
  }

  @Test
  void missingFolder_hasNothing() throws IOException {
    assertThat(PluginJars.find(folder.resolve("missing"), "*.jar")).isEmpty();
  }

  @Test
  void invalidGlob_isRefused() {
    assertThatThrownBy(() -> PluginJars.find(folder, "{a"))
        .isInstanceOf(PatternSyntaxException.class);
  }
}
