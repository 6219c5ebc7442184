package io.liiklus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupIdTest {

  @ParameterizedTest
  @CsvSource({
    "group-v3,             group,    3",
    "group-v0,             group,    0",
    "group-v02,            group,    2",
    "group-v2147483647,    group,    2147483647",
    "group-v00000000000000000001, group, 1",
    "a-v1-v2,              a-v1,     2",
    "a:b-v2,               a:b,      2",
    "v-v1,                 v,        1",
    "-v1-v2,               -v1,      2",
    "--v1,                 -,        1"
  })
  void nameThatEndsInAVersion_isThatVersionOfTheNameBefore(String told, String name, int version) {
    assertThat(GroupId.of(told, 0)).isEqualTo(new GroupId(name, version));
    assertThat(new GroupId(told, 0).canonical()).isEqualTo(new GroupId(name, version));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "group",
        "group-v",
        "group-V2",
        "group-v-1",
        "group-v2x",
        "groupv2",
        "v2",
        "2",
        "-2"
      })
  void anyOtherName_isTakenAsItIs(String name) {
    assertThat(GroupId.of(name, 0)).isEqualTo(new GroupId(name, 0));
    assertThat(new GroupId(name, 0).canonical()).isEqualTo(new GroupId(name, 0));
  }

  @Test
  void name_keepsLineBreaksAndDigitsOfOtherScripts() {
    assertThat(GroupId.of("a\nb-v3", 0)).isEqualTo(new GroupId("a\nb", 3));
    assertThat(GroupId.of("a-v\u0663", 0)).isEqualTo(new GroupId("a-v\u0663", 0));
  }

  @Test
  void nameWithAVersion_isTakenAsItIs() {
    assertThat(GroupId.of("group-v3", 1)).isEqualTo(new GroupId("group-v3", 1));
    assertThat(GroupId.of("-v3", 1)).isEqualTo(new GroupId("-v3", 1));
    assertThat(new GroupId("group-v3", 1).canonical()).isEqualTo(new GroupId("group-v3", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"g-v2147483648", "g-v9999999999", "g-v99999999999999999999999"})
  void versionThatIsTooHigh_isRefusedAndCanonicalAsItIs(String name) {
    assertThatThrownBy(() -> GroupId.of(name, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a version in the name, behind -v, of at most 2147483647");
    assertThat(new GroupId(name, 0).canonical()).isEqualTo(new GroupId(name, 0));
  }

  @Test
  void versionWithoutName_isRefusedAndCanonicalAsItIs() {
    assertThatThrownBy(() -> GroupId.of("-v3", 0)).hasMessage("a name before its version");
    assertThat(new GroupId("-v3", 0).canonical()).isEqualTo(new GroupId("-v3", 0));
  }
}
