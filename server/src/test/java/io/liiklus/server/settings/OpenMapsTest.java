package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenMapsTest {

  private static final KnownKeys KNOWN =
      KnownKeys.of(ConfigFactory.parseString("kafka { port = 1, properties {} }"));

  private final Diagnostics diagnostics = new Diagnostics();
  private final MergedValues values = new MergedValues(KNOWN, diagnostics);

  private Map<String, String> properties() {
    assertThat(diagnostics.refusals()).isEmpty();
    return new SettingsView(values, diagnostics, "kafka").map("properties");
  }

  private void file(String text) {
    new ConfigFile(ConfigFactory.parseString(text), Path.of("a.conf"), "").applyTo(values);
  }

  private void environment(String name, String text) {
    new EnvironmentVariables(Map.of(name, text)).applyTo(values);
  }

  @Test
  void variable_givesANameInLowerCaseWithDots() {
    environment("KAFKA_PROPERTIES_SASL_JAAS_CONFIG", "x");
    assertThat(properties()).containsExactly(Map.entry("sasl.jaas.config", "x"));
  }

  @Test
  void variableOfTheOriginal_givesTheSameName() {
    environment("kafka_properties_security_protocol", "SSL");
    assertThat(properties()).containsExactly(Map.entry("security.protocol", "SSL"));
  }

  @Test
  void variableWithoutName_isWarnedOf() {
    environment("KAFKA_PROPERTIES_", "x");
    assertThat(diagnostics.warnings()).hasSize(1);
    assertThat(properties()).isEmpty();
  }

  @Test
  void blocksInTheFile_spellALongerName() {
    file("kafka.properties.ssl { keystore.location = /k, keystore { type = PEM } }");
    assertThat(properties())
        .containsOnly(
            Map.entry("ssl.keystore.location", "/k"), Map.entry("ssl.keystore.type", "PEM"));
  }

  @Test
  void quotedNames_standBesideLongerOnes() {
    file("kafka.properties { \"a.b\" = 1, a.b.c = 2 }");
    assertThat(properties()).containsOnly(Map.entry("a.b", "1"), Map.entry("a.b.c", "2"));
  }

  @Test
  void nameOfAStrongerSource_standsBesideALongerOneOfAWeaker() {
    file("kafka.properties { a.b.c = 2 }");
    environment("kafka_properties_a_b", "1");
    assertThat(properties()).containsOnly(Map.entry("a.b", "1"), Map.entry("a.b.c", "2"));
  }

  @Test
  void strongerSource_replacesOneNameOnly() {
    file("kafka.properties { a = 1, b = 2 }");
    environment("kafka_properties_a", "3");
    assertThat(properties()).containsOnly(Map.entry("a", "3"), Map.entry("b", "2"));
  }

  @Test
  void numbers_stayAsWritten() {
    file("kafka.properties { a = 1.10, b = true, c = 1e3 }");
    assertThat(properties())
        .containsOnly(Map.entry("a", "1.10"), Map.entry("b", "true"), Map.entry("c", "1e3"));
  }

  @Test
  void list_isRefused() {
    file("kafka.properties.a = [1, 2]");
    assertThat(diagnostics.refusals())
        .containsExactly("kafka.properties.a: a single value is allowed (from the file a.conf)");
  }

  @Test
  void singleValueInPlaceOfTheMap_isRefused() {
    file("kafka.properties = 1");
    assertThat(diagnostics.refusals())
        .containsExactly("kafka.properties: a block of names is allowed (from the file a.conf)");
  }
}
