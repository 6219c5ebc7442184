package io.liiklus.server.settings;

import static io.liiklus.server.settings.CommandLine.parse;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.settings.CommandLine.Action;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandLineTest {

  @Test
  void noArguments_runTheGateway() {
    assertThat(parse().action()).isEqualTo(Action.SERVE);
  }

  @Test
  void actions_areNamedByOptions() {
    assertThat(parse("--check-config").action()).isEqualTo(Action.CHECK_CONFIG);
    assertThat(parse("--version").action()).isEqualTo(Action.VERSION);
    assertThat(parse("--help").action()).isEqualTo(Action.HELP);
    assertThat(parse("-h").action()).isEqualTo(Action.HELP);
  }

  @Test
  void value_followsAnEqualsSignOrIsTheNextArgument() {
    var arguments = parse("--a=1", "--check-config", "--b", "2", "--c=x=y", "--d=", "--e=--f");
    assertThat(arguments.values())
        .isEqualTo(Map.of("a", "1", "b", "2", "c", "x=y", "d", "", "e", "--f"));
    assertThat(arguments.action()).isEqualTo(Action.CHECK_CONFIG);
  }

  @Test
  void file_isNamedEitherWay() {
    assertThat(parse("--config", "a.conf").configFile()).isEqualTo("a.conf");
    assertThat(parse("--config=a.conf").configFile()).isEqualTo("a.conf");
    assertThat(parse("--config=a.conf").values()).isEmpty();
  }

  @Test
  void lastOfTwoValues_counts() {
    assertThat(parse("--a=1", "--a=2").values()).containsExactly(Map.entry("a", "2"));
  }

  @Test
  void invalidCommand_isReportedAlone() {
    assertThat(parse("publsh", "greetings", "hello").problems())
        .containsExactly(
            "publsh: is no command; publish, receive, positions, records, plugins, or --KEY=VALUE to serve");
  }

  @Test
  void invalidArgument_isRefused() {
    assertThat(parse("--c=1", "start", "--a", "--b").problems())
        .containsExactly(
            "start: is not understood; --KEY=VALUE, or see --help",
            "--a: has no value; --a=VALUE, or see --help",
            "--b: has no value; --b=VALUE, or see --help");
    assertThat(parse("--config").problems())
        .containsExactly("--config: has no value; --config=VALUE, or see --help");
  }

  @Test
  void emptyNameOfTheFile_isRefused() {
    var expected = "--config: has no value; --config=FILE, or see --help";
    assertThat(parse("--config=").problems()).containsExactly(expected);
    assertThat(parse("--config", " ").problems()).containsExactly(expected);
  }

  @Test
  void optionThatTakesNoValue_isRefusedWithOne() {
    assertThat(parse("--check-config=nope", "--help=", "--version=1").problems())
        .containsExactly(
            "--check-config=nope: takes no value; --check-config, or see --help",
            "--help=: takes no value; --help, or see --help",
            "--version=1: takes no value; --version, or see --help");
    assertThat(parse("--check-config=nope").action()).isEqualTo(Action.SERVE);
  }
}
