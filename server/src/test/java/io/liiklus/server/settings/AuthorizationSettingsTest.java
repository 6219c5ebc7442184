package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizationSettingsTest {

  private static final String RULE =
      "{ principals = [a], topics = [t], groups = [g], allow = [CONSUME] }";

  @TempDir Path home;

  private Start start() {
    return new Start(home);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ topics = [t], allow = [PUBLISH] }"
            + " | authorization.rules[0].principals: has no entries; names, in which * stands for any"
            + " characters",
        "{ principals = [a], topics = [], allow = [PUBLISH] }"
            + " | authorization.rules[0].topics: has no entries; names, in which * stands for any"
            + " characters",
        "{ principals = [a, \"\"], topics = [t], allow = [PUBLISH] }"
            + " | authorization.rules[0].principals: has an empty entry; names, in which * stands for"
            + " any characters",
        "{ principals = [a], topics = [t] }"
            + " | authorization.rules[0].allow: has no entries; PUBLISH, CONSUME, ACK or DESCRIBE",
        "{ principals = [a], topics = [t], allow = [READ] }"
            + " | authorization.rules[0].allow: READ is not allowed; PUBLISH, CONSUME, ACK or DESCRIBE",
        "{ principals = [a], topics = [t], allow = [ack] }"
            + " | authorization.rules[0].groups: has no entries; CONSUME and ACK need the names of"
            + " groups, or *",
      })
  void ruleThatAllowsNothing_isRefused(String rule, String line) {
    assertThat(start().file("authorization.rules = [" + rule + "]").refusals())
        .containsExactly(line);
  }

  @Test
  void rulesThatDoNothing_areWarnedOf() {
    assertThat(start().file("authorization.rules = [" + RULE + "]").warnings())
        .containsExactly("authorization.enabled: is false, so the rules do nothing");
  }

  @Test
  void authorizationWithoutRulesAndCredentials_isWarnedOf() {
    assertThat(start().arguments("--authorization.enabled=true").warnings())
        .containsExactly(
            "authorization.rules: has no entries, so nobody may do anything",
            "authorization.enabled: is true, and every caller is anonymous, as neither"
                + " grpc.auth.alg nor grpc.tls.trustCert asks for credentials (from the command"
                + " line)");
  }

  @Test
  void typeThatIsNotThere_isRefused() {
    assertThat(start().arguments("--authorization.type=LDAP").refusals())
        .containsExactly("authorization.type: LDAP is not allowed; RULES (from the command line)");
  }

  @Test
  void fileOfRules_isReadAsTheSettingsAre() {
    var start =
        start()
            .write("rules.conf", "rules = [" + RULE + ", " + RULE + "]")
            .arguments("--authorization.enabled=true")
            .arguments("--authorization.file=" + home.resolve("rules.conf"));
    assertThat(start.refusals()).isEmpty();
    assertThat(start.server().access().file()).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rules = [{ principals = [a] ] | Expecting",
        "roles = [] | authorization.roles: unknown key",
        "authorization.rules = [] | authorization.authorization: unknown key",
        "rules = [{ principals = [a], topics = [t], allow = [X] }] | X is not allowed",
      })
  void fileThatIsWrong_isRefused(String text, String reason) {
    assertThat(
            start()
                .write("rules.conf", text)
                .arguments("--authorization.file=" + home.resolve("rules.conf"))
                .refusals())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("authorization.file: "))
        .anyMatch(line -> line.contains(reason));
  }

  @Test
  void rateThatIsTooSmall_isRefused() {
    assertThat(
            start()
                .file("quotas.rules = [{ principals = [a], publishBytesPerSecond = 10 }]")
                .refusals())
        .singleElement()
        .asString()
        .startsWith("quotas.rules[0].publishBytesPerSecond: 10 is not allowed; a size from 1 KiB");
    assertThat(start().file("quotas.rules = [{ sessions = 1 }]").refusals())
        .singleElement()
        .asString()
        .startsWith("quotas.rules[0].principals: has no entries");
  }
}
