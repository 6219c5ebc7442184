package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.liiklus.api.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListsTest {

  private static final KnownKeys KNOWN =
      KnownKeys.of(
          ConfigFactory.parseString(
              "acl { strict = true, rules = [{ topic = any, max = 5, names {}, users = [], on { a = 1 } }]"
                  + ", users = [] }"));

  private final Diagnostics diagnostics = new Diagnostics();
  private final MergedValues values = new MergedValues(KNOWN, diagnostics);
  private final Settings acl = new SettingsView(values, diagnostics, "acl");

  private List<Settings> rules(String text) {
    new ConfigFile(ConfigFactory.parseString(text), Path.of("a.conf"), "").applyTo(values);
    return acl.list("rules");
  }

  @Test
  void listThatNobodySets_isEmpty() {
    assertThat(rules("acl.strict = false")).isEmpty();
    assertThat(diagnostics.refusals()).isEmpty();
  }

  @Test
  void block_hasItsOwnValuesElseDefaults() {
    var rules = rules("acl.rules = [{ topic = a, on.a = 2 }, { max = 7, names { x.y = z } }]");
    assertThat(diagnostics.refusals()).isEmpty();
    assertThat(rules).extracting(rule -> rule.text("topic")).containsExactly("a", "any");
    assertThat(rules).extracting(rule -> rule.integer("max", 1, 9)).containsExactly(5, 7);
    assertThat(rules)
        .extracting(rule -> rule.section("on").integer("a", 1, 9))
        .containsExactly(2, 1);
    assertThat(rules.get(0).map("names")).isEmpty();
    assertThat(rules.get(1).map("names")).isEqualTo(Map.of("x.y", "z"));
    assertThat(rules).extracting(rule -> rule.isGiven("max")).containsExactly(false, true);
  }

  @Test
  void texts_areInTheOrderOfTheFile() {
    var rules = rules("acl { users = [b, \" a \", 1], rules = [{ users = [c, d] }, {}] }");
    assertThat(diagnostics.refusals()).isEmpty();
    assertThat(acl.texts("users")).containsExactly("b", "a", "1");
    assertThat(rules)
        .extracting(rule -> rule.texts("users"))
        .containsExactly(List.of("c", "d"), List.of());
    assertThat(rules).extracting(rule -> rule.isGiven("users")).containsExactly(true, false);
  }

  @Test
  void blockAmongTexts_isRefused() {
    rules("acl { users = [a, { b = c }, [d], null], rules = [{ users = e }] }");
    assertThat(diagnostics.refusals())
        .containsExactly(
            "acl.rules[0].users: a list is allowed (from the file a.conf)",
            "acl.users[1]: a single value is allowed (from the file a.conf)",
            "acl.users[2]: a single value is allowed (from the file a.conf)",
            "acl.users[3]: a single value is allowed (from the file a.conf)");
  }

  @Test
  void badValue_isRefusedByItsFullKeyAndOrigin() {
    var rules = rules("acl.rules = [{}, { max = 10 }]");
    assertThat(rules.get(1).integer("max", 1, 9)).isEqualTo(5);
    assertThat(diagnostics.refusals())
        .containsExactly(
            "acl.rules[1].max: 10 is not allowed; a whole number from 1 to 9 (from the file"
                + " a.conf)");
  }

  @Test
  void unknownKeysAndOtherShapes_areRefused() {
    rules("acl.rules = [{ topik = a }, b]");
    assertThat(diagnostics.refusals())
        .containsExactly(
            "acl.rules[0].topik: unknown key (from the file a.conf)",
            "acl.rules[1]: a block of keys is allowed (from the file a.conf)");
  }

  @Test
  void singleValue_isNoList() {
    rules("acl.rules = a");
    assertThat(diagnostics.refusals())
        .containsExactly("acl.rules: a list is allowed (from the file a.conf)");
  }

  @Test
  void commandLine_setsNoLists() {
    KeyValuePairs.commandLine(Map.of("acl.rules", "a", "acl.rules[0].topic", "b")).applyTo(values);
    assertThat(acl.list("rules")).isEmpty();
    assertThat(diagnostics.refusals())
        .containsExactly(
            "acl.rules: a list is set in the file alone (from the command line)",
            "acl.rules[0].topic: a list is set in the file alone (from the command" + " line)");
  }

  @Test
  void variableOfAList_isWarnedOf() {
    new EnvironmentVariables(Map.of("ACL_RULES", "a")).applyTo(values);
    assertThat(acl.list("rules")).isEmpty();
    assertThat(diagnostics.warnings()).hasSize(1);
  }
}
