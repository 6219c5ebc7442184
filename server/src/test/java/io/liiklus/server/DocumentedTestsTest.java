package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that the pages of {@code docs} name are there, in the module that they name. */
class DocumentedTestsTest {

  private static final Path ROOT = Path.of("..");

  /** {@code `LogCutIT`} or {@code `LogCutIT.recordsAfterTheCut_areReceived`}. */
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))(?:\\.(\\w+))?`");

  /** What stands behind the names of its tests. */
  private static final Pattern MODULE = Pattern.compile("\\(module\\s+`([\\w-]+)`\\)");

  /** Ends a list of tests: what stands before has nothing to do with the module behind. */
  private static final Pattern END_OF_LIST = Pattern.compile("\\n\\s*\\n|[;)]");

  private final Map<String, List<Path>> sources = sources();

  /** A test that a page names; an empty method or module: none is named. */
  private record Named(Path page, String test, String method, String module) {

    boolean isIn(Path source) {
      return module.isEmpty() || source.startsWith(ROOT.resolve(module));
    }

    boolean hasMethod(Path source) {
      return method.isEmpty()
          || Pattern.compile("\\bvoid\\s+" + method + "\\(").matcher(read(source)).find();
    }
  }

  @Test
  void testThatAPageNames_isThere() {
    var named = pages().flatMap(page -> named(page).stream()).toList();
    assertThat(named).hasSizeGreaterThan(30);

    assertThat(named).filteredOn(test -> !isThere(test)).as("no such test").isEmpty();
  }

  private boolean isThere(Named named) {
    return sources.getOrDefault(named.test(), List.of()).stream()
        .anyMatch(source -> named.isIn(source) && named.hasMethod(source));
  }

  private static List<Named> named(Path page) {
    var text = read(page);
    return NAMED
        .matcher(text)
        .results()
        .map(
            found ->
                new Named(
                    page,
                    found.group(1),
                    found.group(2) == null ? "" : found.group(2),
                    moduleBehind(text, found.end())))
        .toList();
  }

  private static String moduleBehind(String text, int from) {
    var module = MODULE.matcher(text).region(from, text.length());
    var end = END_OF_LIST.matcher(text).region(from, text.length());
    boolean isNext = module.find() && (!end.find() || module.start() < end.start());
    return isNext ? module.group(1) : "";
  }

  private static Stream<Path> pages() {
    return files(ROOT.resolve("docs"), ".md");
  }

  private static Map<String, List<Path>> sources() {
    return files(ROOT, ".java")
        .filter(file -> file.toString().contains("/src/test/java/"))
        .collect(Collectors.groupingBy(file -> file.getFileName().toString().replace(".java", "")));
  }

  private static Stream<Path> files(Path folder, String ending) {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
