package io.liiklus.storage.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.storage.group.GroupDocument.UnreadableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupDocumentTest {

  private static final String TEXT =
      """
      1
      p 0-3,7
      e 0
      m a.b.1 0-2 1-2
      m 5f.12 -
      """;

  @Test
  void text_comesBackAsItWas() throws Exception {
    var document = parse(TEXT);
    assertThat(document.format()).isEqualTo(TEXT);
    assertThat(document.copy().format()).isEqualTo(TEXT);
  }

  @Test
  void members_areFoundByIdAndByPartition() throws Exception {
    var document = parse(TEXT);
    var first = document.member(new MemberId("a.b", 1));
    assertThat(document.owner(1)).isSameAs(first);
    assertThat(document.owner(7)).isNull();
    assertThat(first.kept()).isEqualTo(1);
    assertThat(document.member(new MemberId("a.b", 2))).isNull();
    assertThat(document.names("5f")).isTrue();
    assertThat(document.names("5")).isFalse();
  }

  @Test
  void newerFormat_isNotRead() {
    assertThatThrownBy(() -> parse("2\nwhatever\n"))
        .isInstanceOf(UnreadableException.class)
        .hasMessage("its format is 2, known here is 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1\nx 1\n",
        "1\np\n",
        "1\np 3-1\n",
        "1\np -1\n",
        "1\np 0,\n",
        "1\np 99999999\n",
        "1\nm a 0\n",
        "1\nm a.x 0\n",
        "1\nm .1 0\n",
        "1\nm a.1\n"
      })
  void damagedLine_isNamed(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(UnreadableException.class)
        .hasMessageStartingWith("line 2 is damaged: ");
  }

  private static GroupDocument parse(String text) throws UnreadableException {
    return GroupDocument.parse(text.getBytes(UTF_8));
  }
}
