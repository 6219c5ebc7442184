package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeTextTest {

  private static final String KEY = "redis.positionsProperties.prefix";
  private static final String REFUSAL =
      ": has bytes that are not UTF-8, or U+FFFD, which stands for such; where the locale is not"
          + " UTF-8, start with bin/liiklus or LC_ALL=C.UTF-8 (from ";

  /** What a JVM makes of the bytes of ü under a locale of ISO-8859-1. */
  private static final String MISREAD = "Ã¼";

  @TempDir Path home;

  private Start start(String encoding) {
    return new Start(home).property("sun.jnu.encoding", encoding);
  }

  @Test
  void utf8Locale_takesEveryValue() {
    var start =
        start("UTF-8")
            .arguments("--kafka.bootstrapServers=b:1", "--redis.host=ü")
            .variable("REDIS_POSITIONSPROPERTIES_PREFIX", "ü");

    assertThat(start.load().changed())
        .contains(
            KEY + " = ü (from the environment variable REDIS_POSITIONSPROPERTIES_PREFIX)",
            "redis.host = ü (from the command line)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ANSI_X3.4-1968"})
  void lostArgument_isRefusedByItsKey(String encoding) {
    assertThat(start(encoding).arguments("--" + KEY + "=\uFFFD").refusals())
        .containsExactly(KEY + REFUSAL + "the command line)");
  }

  @Test
  void misreadArgument_isRefusedByItsKey() {
    assertThat(start("ISO-8859-1").arguments("--" + KEY + "=" + MISREAD).refusals())
        .containsExactly(KEY + REFUSAL + "the command line)");
  }

  @Test
  void misreadVariable_isRefusedByItsKey() {
    assertThat(start("ISO-8859-1").variable("redis_positionsProperties_prefix", MISREAD).refusals())
        .containsExactly(
            KEY + REFUSAL + "the environment variable redis_positionsProperties_prefix)");
  }

  @Test
  void misreadSystemProperty_isRefusedByItsKey() {
    assertThat(start("ISO-8859-1").property(KEY, MISREAD).refusals())
        .containsExactly(KEY + REFUSAL + "a system property)");
  }

  @Test
  void misreadNameOfAMap_isRefused() {
    assertThat(start("ISO-8859-1").arguments("--kafka.properties." + MISREAD + "=1").refusals())
        .contains("kafka.properties.\uFFFD\uFFFD" + REFUSAL + "the command line)");
  }

  @Test
  void misreadVariableThatAFileNames_isRefusedByItsKey() {
    var start =
        start("ISO-8859-1")
            .file("redis.positionsProperties.prefix = \"a-\"${PREFIX}")
            .variable("PREFIX", MISREAD);

    assertThat(start.refusals()).singleElement().asString().startsWith(KEY + REFUSAL + "the file ");
  }

  @Test
  void otherVariables_areNotRefused() {
    assertThat(start("ISO-8859-1").variable("GREETING", MISREAD).refusals()).isEmpty();
  }

  @Test
  void file_isUtf8WhateverTheLocale() {
    assertThat(start("ANSI_X3.4-1968").file(KEY + " = ü").load().changed())
        .anyMatch(line -> line.startsWith(KEY + " = ü "));
  }

  @Test
  void fileOfAnotherEncoding_isRefusedByItsKeyAndLine() throws IOException {
    Files.createDirectories(home.resolve("conf"));
    Files.write(
        home.resolve("conf/liiklus.conf"),
        ("# A comment.\n" + KEY + " = ü\n").getBytes(StandardCharsets.ISO_8859_1));

    assertThat(start("UTF-8").refusals())
        .singleElement()
        .asString()
        .startsWith(KEY + REFUSAL)
        .endsWith("liiklus.conf, line 2)");
  }
}
