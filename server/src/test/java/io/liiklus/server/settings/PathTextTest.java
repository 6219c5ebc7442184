package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTextTest {

  @ParameterizedTest
  @CsvSource({
    "/etc/x, /etc/x",
    "conf/x, conf/x",
    "file:/etc/x, /etc/x",
    "file:///etc/x, /etc/x",
    "file://localhost/etc/x, /etc/x",
    "FILE:/etc/x, /etc/x",
    "file:conf/x, conf/x",
    "file:./x, ./x",
    "file:/etc/a%20b, /etc/a b",
    "file:/etc/a b, /etc/a b",
    "file:/etc/%C3%BC, /etc/ü",
    "file:/etc/ü, /etc/ü",
    "file:/etc/100%25, /etc/100%",
    "file:/etc/a%23b, /etc/a#b",
    "'  file:/etc/x ', /etc/x",
    "/etc/a%20b, /etc/a%20b",
    "files/x, files/x",
  })
  void text_namesAPath(String text, String path) {
    assertThat(PathText.parse(text)).isEqualTo(Path.of(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:",
        "file://",
        "file://host/etc/x",
        "file:/etc/100%",
        "file:/etc/x#y",
        "file:/etc/x?y",
        "file:/etc/a%00b"
      })
  void uriThatNamesNone_isRefused(String text) {
    assertThatThrownBy(() -> PathText.parse(text)).isInstanceOf(InvalidPathException.class);
  }
}
