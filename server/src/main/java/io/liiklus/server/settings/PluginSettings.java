package io.liiklus.server.settings;

import io.liiklus.server.plugins.AuthorizerList;
import io.liiklus.server.plugins.FoundAuthorizer;
import io.liiklus.server.plugins.ProcessorList;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Hands the processors and the authorizer of plugins their settings. Confined to the thread that
 * reads the settings.
 */
final class PluginSettings {

  private static final String AUTHORIZER_TYPE = "authorization.type";

  private final MergedValues values;

  PluginSettings(MergedValues values) {
    this.values = values;
  }

  void configure(ProcessorList processors) {
    for (var found : processors.all()) {
      configure(
          found.settingsRoot(),
          "the processor %s from %s".formatted(found.name(), found.origin()),
          view -> found.call(processor -> processor.configure(view)));
    }
  }

  /** The authorizer that the settings name; empty where that is the gateway's own, or none is. */
  Optional<FoundAuthorizer> configure(AuthorizerList authorizers) {
    var all = new SettingsView(values, values.diagnostics(), "");
    var type = all.choice(AUTHORIZER_TYPE, authorizers.types().toArray(String[]::new));
    var named = authorizers.find(type).filter(any -> all.flag("authorization.enabled"));
    named.ifPresent(
        found ->
            configure(
                found.settingsRoot(),
                "the authorizer %s from %s".formatted(type, found.origin()),
                view ->
                    found.call(
                        authorizer -> {
                          authorizer.configure(view);
                          return view;
                        })));
    return named;
  }

  private void configure(String root, String whose, Consumer<SettingsView> configure) {
    if (root.isEmpty()) {
      return;
    }
    try {
      configure.accept(new SettingsView(values, values.diagnostics(), root));
    } catch (RuntimeException | LinkageError failure) {
      values
          .diagnostics()
          .refuse("%s: %s could not read its settings: %s".formatted(root, whose, failure));
    }
  }
}
