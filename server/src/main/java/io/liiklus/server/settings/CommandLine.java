package io.liiklus.server.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Arguments of the server. Immutable.
 *
 * @param configOption that names the file
 * @param configFile null where none is named
 * @param values by key, as in {@code --grpc.port=7000}
 */
public record CommandLine(
    Action action,
    String configOption,
    String configFile,
    Map<String, String> values,
    List<String> problems) {

  private static final String CONFIG = "--config";

  /** Action of the process. */
  public enum Action {
    SERVE,
    CHECK_CONFIG,
    HELP,
    VERSION
  }

  private static final Map<String, Action> ACTIONS =
      Map.of(
          "--check-config", Action.CHECK_CONFIG,
          "--help", Action.HELP,
          "-h", Action.HELP,
          "--version", Action.VERSION);

  public static final String USAGE =
      """
      Usage: liiklus [--config FILE] [--check-config] [--KEY=VALUE ...]
             liiklus publish TOPIC ...
             liiklus receive TOPIC --group GROUP ...
             liiklus positions export|import|copy ...
             liiklus records copy ...
             liiklus plugins [list|enable|disable] ...

      Serves until a signal ends it. KEY is any setting, such as grpc.port or
      kafka.bootstrapServers; each can come from the environment too (GRPC_PORT).

        --config FILE    read the settings from here instead of conf/liiklus.conf
        --check-config   say what is wrong with the settings, and exit: 0 nothing, or no more than
                         warnings, 2 something
        --version        say the version
        --help           say this; after publish, receive, positions, records and plugins: say
                         how they are used
      """;

  public static CommandLine parse(String... arguments) {
    var action = Action.SERVE;
    String configFile = null;
    var values = new LinkedHashMap<String, String>();
    var problems = new ArrayList<String>();
    for (int i = 0; i < arguments.length; i++) {
      var argument = arguments[i];
      int equals = argument.indexOf('=');
      var name = equals < 0 ? argument : argument.substring(0, equals);
      var asked = ACTIONS.get(name);
      if (asked != null && equals < 0) {
        action = asked;
        continue;
      }
      if (asked != null) {
        problems.add(argument + ": takes no value; " + name + ", or see --help");
        continue;
      }
      if (i == 0 && !name.startsWith("-")) {
        problems.add(
            argument
                + ": is no command; publish, receive, positions, records, plugins, or"
                + " --KEY=VALUE to serve");
        return new CommandLine(action, CONFIG, configFile, values, problems);
      }
      boolean hasNext = i + 1 < arguments.length && !arguments[i + 1].startsWith("--");
      if (!name.startsWith("--") || name.length() == 2) {
        problems.add(argument + ": is not understood; --KEY=VALUE, or see --help");
        continue;
      }
      if (equals < 0 && !hasNext) {
        problems.add(argument + ": has no value; " + argument + "=VALUE, or see --help");
        continue;
      }
      var value = equals < 0 ? arguments[++i] : argument.substring(equals + 1);
      if (!name.equals(CONFIG)) {
        values.put(name.substring(2), value);
      } else if (value.isBlank()) {
        problems.add("--config: has no value; --config=FILE, or see --help");
      } else {
        configFile = value;
      }
    }
    return new CommandLine(action, CONFIG, configFile, values, problems);
  }

  /** The same with a file that another option names. */
  public CommandLine withConfigFile(String option, String file) {
    if (!file.isBlank()) {
      return new CommandLine(action, option, file, values, problems);
    }
    var more = new ArrayList<>(problems);
    more.add(option + ": has no value; " + option + "=FILE, or see --help");
    return new CommandLine(action, option, null, values, more);
  }
}
