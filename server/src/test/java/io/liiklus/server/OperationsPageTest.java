package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/operations.md} has what the gateway logs at WARN and ERROR, and nothing else. */
class OperationsPageTest {

  private static final List<String> MODULES =
      List.of(
          "api",
          "storage-core",
          "storage-kafka",
          "storage-memory",
          "storage-sql",
          "positions-redis",
          "storage-pulsar",
          "positions-cassandra",
          "aws",
          "server",
          "cli");

  private static final Pattern CALL = Pattern.compile("\\blog\\s*\\.\\s*(?:warn|error)\\(");

  /** One literal or several with plus signs between them, where an argument begins. */
  private static final Pattern TEXT =
      Pattern.compile("\\s*(\"(?:[^\"\\\\]|\\\\.)*\"(?:\\s*\\+\\s*\"(?:[^\"\\\\]|\\\\.)*\")*)");

  private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

  /** Ends the words: a value, with its key where it has one. */
  private static final Pattern VALUE = Pattern.compile(",? ?[\\w.]*=?\\{}");

  /** A row of a table that is headed by text and level. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)`.*\\| (?:WARN|ERROR) \\|");

  /** Lines about settings, which are made elsewhere. */
  private static final String OF_A_SETTING = "KEY: ";

  private final List<String> rows =
      ROW.matcher(read(Path.of("../docs/operations.md")))
          .results()
          .map(row -> row.group(1))
          .toList();

  /** A text that is logged, and the file that does. */
  private record Logged(String text, Path file) {

    /** The longest piece between two values, which is where the words are. */
    String words() {
      var words = "";
      for (var piece : VALUE.split(text)) {
        words = piece.length() > words.length() ? piece : words;
      }
      return words.strip();
    }

    @Override
    public String toString() {
      return file.getFileName() + ": \"" + text + '"';
    }
  }

  @Test
  void page_hasTheWordsOfEveryWarningAndError() {
    var logged = logged();
    assertThat(logged).hasSizeGreaterThan(30);

    assertThat(logged)
        .filteredOn(line -> rows.stream().noneMatch(row -> row.contains(line.words())))
        .as("logged at WARN or ERROR without a row in docs/operations.md")
        .isEmpty();
  }

  @Test
  void rowOfTheLog_isOfATextThatIsLogged() {
    var texts = logged().stream().map(Logged::words).toList();
    assertThat(rows).hasSizeGreaterThan(30);

    assertThat(rows)
        .filteredOn(row -> !row.startsWith(OF_A_SETTING))
        .filteredOn(row -> texts.stream().noneMatch(row::contains))
        .as("rows of docs/operations.md that nothing logs at WARN or ERROR")
        .isEmpty();
  }

  private static List<Logged> logged() {
    var logged = new ArrayList<Logged>();
    for (var module : MODULES) {
      try (var files = Files.walk(Path.of("..", module, "src/main/java"))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .sorted()
            .forEach(file -> addLogged(file, logged));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
    return logged;
  }

  private static void addLogged(Path file, List<Logged> logged) {
    var source = read(file);
    var calls = CALL.matcher(source);
    while (calls.find()) {
      var text = TEXT.matcher(source).region(calls.end(), source.length());
      assertThat(text.lookingAt())
          .as("%s: what it logs at WARN or ERROR begins with a literal", file)
          .isTrue();
      var literal = JOINT.matcher(text.group(1)).replaceAll("");
      logged.add(new Logged(literal.substring(1, literal.length() - 1), file));
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
