package io.liiklus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {

  @Test
  void everyLine_isARecordEvenIfEmpty() throws IOException {
    assertThat(read("a\n\nb\r\n")).containsExactly("a", "", "b\r");
  }

  @Test
  void lastLineWithoutLineFeed_counts() throws IOException {
    assertThat(read("a\nb")).containsExactly("a", "b");
  }

  @Test
  void noInput_isNoRecord() throws IOException {
    assertThat(read("")).isEmpty();
  }

  @Test
  void lineOverTheBound_isRefusedByItsNumber() {
    assertThatThrownBy(() -> read("12345\n123456\n"))
        .isInstanceOf(CliException.class)
        .hasMessage("line 2 of standard input is longer than 5 bytes");
  }

  private static List<String> read(String text) throws IOException {
    var lines =
        new Lines(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
            "standard input",
            /* maxBytes= */ 5);
    var all = new ArrayList<String>();
    for (var line = lines.next(); line.isPresent(); line = lines.next()) {
      all.add(line.map(ByteString::toStringUtf8).orElseThrow());
    }
    return all;
  }
}
