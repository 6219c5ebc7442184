package io.liiklus.server.settings;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Values from environment variables. Immutable.
 *
 * <p>A variable sets the key whose name is equal once {@code _}, {@code .}, {@code -} and case are
 * taken away. Names in an open map do not follow from that: they are taken in lower case, with dots
 * for {@code _}. A variable that seems to set a key but does not is warned of, never refused: other
 * programs share the environment.
 */
final class EnvironmentVariables implements MergedValues.Source {

  /** Container platforms put {@code REDIS_PORT=tcp://10.0.0.1:6379} into every environment. */
  private static final String LINKED_PORT = "tcp://";

  /** Variables that gRPC libraries of all languages read themselves, by its documentation. */
  private static final Pattern OF_GRPC =
      Pattern.compile(
          "GRPC_(DEFAULT_SSL_ROOTS_FILE_PATH|SSL_CIPHER_SUITES|NOT_USE_SYSTEM_SSL_ROOTS"
              + "|SYSTEM_SSL_ROOTS_DIR|VERBOSITY|STACKTRACE_MINLOGLEVEL|TRACE|DNS_RESOLVER"
              + "|POLL_STRATEGY|PROXY_EXP|ENABLE_FORK_SUPPORT|CLIENT_CHANNEL_BACKUP_\\w+"
              + "|(EXPERIMENTAL|XDS|GO|CONFIG)_\\w+)");

  private final Map<String, String> environment;

  EnvironmentVariables(Map<String, String> environment) {
    this.environment = new TreeMap<>(environment);
  }

  @Override
  public void applyTo(MergedValues values) {
    var setBy = new HashMap<String, String>();
    environment.forEach((variable, text) -> apply(variable, text, values, setBy));
  }

  private void apply(String variable, String text, MergedValues values, Map<String, String> setBy) {
    var known = values.known();
    var value = new MergedValues.Value(text, "the environment variable " + variable);
    var key = known.keyLike(variable);
    var entry = known.mapEntryLike(variable);
    if (key.isPresent() && isPort(key.get()) && text.startsWith(LINKED_PORT)) {
      var reason = "a tcp:// value, as container platforms set it, is ignored";
      values.diagnostics().warn("%s: %s (from %s)".formatted(key.get(), reason, value.origin()));
    } else if (key.isPresent()) {
      if (isFirst(key.get(), variable, values, setBy)) {
        values.set(key.get(), value);
      }
    } else if (entry.isPresent()) {
      if (isFirst(entry.get().map() + "." + entry.get().name(), variable, values, setBy)) {
        values.set(entry.get(), value);
      }
    } else {
      refuseIfOfPlugin(variable, values);
    }
  }

  private static void refuseIfOfPlugin(String variable, MergedValues values) {
    var reason = values.disabled().reasonOfVariable(variable);
    if (reason.isPresent()) {
      values.diagnostics().refuse("environment variable %s: %s".formatted(variable, reason.get()));
    } else {
      warnIfMeant(variable, values);
    }
  }

  private static boolean isPort(String key) {
    return key.endsWith(".port");
  }

  /** Two spellings of one key must agree: an environment has no order. */
  private boolean isFirst(
      String key, String variable, MergedValues values, Map<String, String> setBy) {
    var other = setBy.putIfAbsent(key, variable);
    if (other == null) {
      return true;
    }
    if (!environment.get(other).equals(environment.get(variable))) {
      values
          .diagnostics()
          .refuse(
              "%s: the environment variables %s and %s set it to different values"
                  .formatted(key, other, variable));
    }
    return false;
  }

  private static void warnIfMeant(String variable, MergedValues values) {
    if (OF_GRPC.matcher(variable).matches()) {
      return;
    }
    var root = KnownKeys.rootLike(variable, values.known().roots());
    if (root.isPresent()) {
      values
          .diagnostics()
          .warn(
              "environment variable %s: begins like the keys of %s, but there is no such key%s"
                  .formatted(variable, root.get(), values.known().hint(variable)));
    } else if (KnownKeys.rootLike(variable, LegacyKeys.roots()).isPresent()) {
      values.diagnostics().warn(LegacyKeys.warning(variable, "the environment"));
    }
  }
}
