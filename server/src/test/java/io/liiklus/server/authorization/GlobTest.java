package io.liiklus.server.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, b, false",
    "a, aa, false",
    "*, '', true",
    "*, anything.at-all, true",
    "a*, a, true",
    "a*, ab, true",
    "a*, ba, false",
    "*a, ba, true",
    "*a, ab, false",
    "a*c, abbc, true",
    "a*c, abcd, false",
    "a*b*c, aXbYc, true",
    "a*b*c, acb, false",
    "*ab, aab, true",
    "**, x, true",
    "a.c, abc, false",
    "orders.*, orders, false",
    "a*, *, false",
  })
  void name_fitsAsAWhole(String pattern, String name, boolean fits) {
    assertThat(new Glob(pattern).matches(name)).isEqualTo(fits);
  }

  @Test
  void manyStars_takeNoLongTime() {
    assertThat(new Glob("*a".repeat(1_000) + "b").matches("a".repeat(10_000))).isFalse();
  }
}
