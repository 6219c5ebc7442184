package io.liiklus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocaleArgumentsTest {

  private static final String[] ARGUMENTS = {"publish", "t", "--key", "Ünï"};

  @Test
  void utf8Locale_takesEveryArgument() {
    assertThat(new LocaleArguments("UTF-8").problem(ARGUMENTS)).isEmpty();
  }

  @Test
  void utf8Locale_refusesWhatIsNotUtf8() {
    var latin1 = new String(new byte[] {(byte) 0xfc}, StandardCharsets.UTF_8);

    assertThat(new LocaleArguments("UTF-8").problem(new String[] {"publish", latin1}))
        .hasValueSatisfying(text -> assertThat(text).startsWith("argument 2 has bytes"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ANSI_X3.4-1968", "ISO-8859-1", "EUC-JP"})
  void otherLocale_refusesWhatIsNotAscii(String encoding) {
    var args = ARGUMENTS.clone();
    args[3] = new String(args[3].getBytes(StandardCharsets.UTF_8), Charset.forName(encoding));

    assertThat(new LocaleArguments(encoding).problem(args))
        .contains(
            "argument 4 is not ASCII, and the locale's encoding is "
                + encoding
                + "; start with bin/liiklus or LC_ALL=C.UTF-8");
  }

  @Test
  void otherLocale_takesAscii() {
    assertThat(new LocaleArguments("ISO-8859-1").problem(new String[] {"publish", "t", "a b"}))
        .isEmpty();
  }
}
