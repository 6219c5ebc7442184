package io.liiklus.server.settings;

import io.liiklus.server.GatewayOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A start of the gateway, up to its settings. Confined to one test. */
final class Start {

  private final Path home;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> properties = new HashMap<>();
  private final List<String> arguments = new ArrayList<>();

  Start(Path home) {
    this.home = home;
    properties.put("liiklus.home", home.toString());
  }

  Start file(String text) {
    return write("conf/liiklus.conf", text);
  }

  Start write(String name, String text) {
    try {
      var file = home.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  Start variable(String name, String text) {
    environment.put(name, text);
    return this;
  }

  Start property(String name, String text) {
    properties.put(name, text);
    return this;
  }

  Start arguments(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** Settings outlive this call; plugins' jars are let go of, so only open those that have none. */
  Configuration load() {
    try (var loaded = open()) {
      return loaded;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  Configuration open() {
    var context = new StartupContext(environment, properties, TestStorages.classPath());
    var commandLine = CommandLine.parse(arguments.toArray(String[]::new));
    return Configuration.load(commandLine, context, GatewayOptions::read);
  }

  /** The lines of the refusal; empty where nothing is refused. */
  List<String> refusals() {
    try {
      load();
      return List.of();
    } catch (SettingsException refused) {
      return refused.problems();
    }
  }

  List<String> warnings() {
    return load().warnings();
  }

  int grpcPort() {
    return server().grpc().address().port();
  }

  GatewayOptions server() {
    return GatewayOptions.read(load().settings());
  }
}
