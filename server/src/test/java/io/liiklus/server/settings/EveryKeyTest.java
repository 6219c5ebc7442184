package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueType;
import io.liiklus.server.GatewayOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every key of the gateway and of the storages that come with it: new ones come by themselves. */
class EveryKeyTest {

  /** Any text will do. */
  private static final Set<String> TEXTS =
      Set.of(
          "grpc.auth.audience",
          "grpc.auth.issuer",
          "grpc.auth.principalClaim",
          "grpc.auth.secret",
          "grpc.host",
          "grpc.tls.keyPassword",
          "kafka.positions.topic",
          "plugins.pathMatcher",
          "redis.host",
          "redis.positionsProperties.prefix",
          "redis.sentinel.password",
          "schema.schemaURL",
          "server.host",
          "server.token",
          "sql.nativeDir",
          "sql.password",
          "sql.tablePrefix",
          "sql.user");

  @TempDir Path home;

  @ParameterizedTest
  @MethodSource
  void invalidValue_isRefused(String key) {
    assertThat(refusals(key, "nonsense")).as(key).anyMatch(line -> line.startsWith(key + ": "));
  }

  static Stream<String> invalidValue_isRefused() {
    return defaults().keySet().stream().filter(key -> !TEXTS.contains(key));
  }

  @ParameterizedTest
  @MethodSource
  void emptyValue_isRefusedWhereTheDefaultIsNone(String key) {
    assertThat(refusals(key, "")).as(key).anyMatch(line -> line.startsWith(key + ": "));
  }

  static Stream<String> emptyValue_isRefusedWhereTheDefaultIsNone() {
    return defaults().entrySet().stream()
        .filter(key -> !key.getValue().isEmpty())
        .map(Map.Entry::getKey);
  }

  @ParameterizedTest
  @MethodSource
  void misspeltName_isRefused(String key) {
    assertThat(refusals(key + "x", "1"))
        .as(key)
        .anyMatch(line -> line.startsWith(key + "x: unknown key"));
  }

  static Stream<String> misspeltName_isRefused() {
    return defaults().keySet().stream();
  }

  private static Map<String, String> defaults() {
    var defaults = new TreeMap<String, String>();
    ReferenceConfigs.ofClassPath(EveryKeyTest.class.getClassLoader()).entrySet().stream()
        // Those of a list are set in the file alone; see ListsTest.
        .filter(entry -> entry.getValue().valueType() != ConfigValueType.LIST)
        .forEach(
            entry ->
                defaults.put(
                    String.join(".", ConfigUtil.splitPath(entry.getKey())),
                    KnownKeys.text(entry.getValue())));
    return defaults;
  }

  /** Of a start whose storages read that key. */
  private List<String> refusals(String key, String value) {
    var arguments = new ArrayList<String>();
    switch (key.substring(0, key.indexOf('.'))) {
      case "memory" -> arguments.add("--storage.records.type=MEMORY");
      case "sql" -> arguments.add("--storage.records.type=SQL");
      case "kafka" -> arguments.add("--kafka.bootstrapServers=127.0.0.1:9092");
      default -> {
        // Positions are in Kafka unless Redis is named.
        arguments.add("--kafka.bootstrapServers=127.0.0.1:9092");
        arguments.add("--redis.host=127.0.0.1");
      }
    }
    arguments.add("--" + key + "=" + value);
    var commandLine = CommandLine.parse(arguments.toArray(String[]::new));
    var properties = Map.of("liiklus.home", home.toString());
    try {
      Configuration.load(commandLine, Map.of(), properties, GatewayOptions::read).close();
      return List.of();
    } catch (SettingsException refused) {
      return refused.problems();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
