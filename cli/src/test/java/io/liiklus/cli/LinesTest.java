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
  void every_line_is_a_record_the_empty_ones_too() throws IOException {
    assertThat(read("a\n\nb\r\n")).containsExactly("a", "", "b\r");
  }

  @Test
  void a_last_line_without_a_line_feed_counts() throws IOException {
    assertThat(read("a\nb")).containsExactly("a", "b");
  }

  @Test
  void no_input_is_no_record() throws IOException {
    assertThat(read("")).isEmpty();
  }

  @Test
  void a_line_over_the_bound_is_refused_by_its_number() {
    assertThatThrownBy(() -> read("12345\n123456\n"))
        .isInstanceOf(CliException.class)
        .hasMessage("line 2 of standard input is longer than 5 bytes");
  }

  private static List<String> read(String text) throws IOException {
    var lines =
        new Lines(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), /* maxBytes= */ 5);
    var all = new ArrayList<String>();
    for (var line = lines.next(); line.isPresent(); line = lines.next()) {
      all.add(line.map(ByteString::toStringUtf8).orElseThrow());
    }
    return all;
  }
}
