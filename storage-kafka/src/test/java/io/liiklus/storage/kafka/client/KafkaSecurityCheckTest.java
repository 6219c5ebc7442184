package io.liiklus.storage.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.MapSettings;
import io.liiklus.storage.kafka.KafkaRecordsStorageFactory;
import io.liiklus.storage.kafka.KafkaTestStorage;
import io.liiklus.testing.TlsFiles;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSecurityCheckTest {

  private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule";
  private static final String LINE = PLAIN + " required username=\"u\" password=\"hunter2\";";
  private static final char[] PASSWORD = "right".toCharArray();

  @TempDir private static Path folder;
  private static Path trust;
  private static TlsFiles files;

  @BeforeAll
  static void createStore() throws Exception {
    files = TlsFiles.create(folder);
    trust = folder.resolve("trust.p12");
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var pem = Files.newInputStream(files.certificate())) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    try (OutputStream out = Files.newOutputStream(trust)) {
      store.store(out, PASSWORD);
    }
  }

  /** What is refused; the hosts cannot be found, which is no matter of the settings. */
  private static List<String> refused(Map<String, String> properties) {
    var settings = KafkaTestStorage.settings("broker.invalid:9092");
    for (var property : properties.entrySet()) {
      settings = settings.with("properties." + property.getKey(), property.getValue());
    }
    return refused(settings);
  }

  private static List<String> refused(MapSettings settings) {
    new KafkaRecordsStorageFactory().check(settings);
    return settings.refused();
  }

  private static Map<String, String> trust(Path file, String password) {
    return Map.of(
        "security.protocol",
        "SSL",
        "ssl.truststore.location",
        file.toString(),
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.password",
        password);
  }

  private static Map<String, String> login(String mechanism, String line) {
    return Map.of(
        "security.protocol", "SASL_PLAINTEXT",
        "sasl.mechanism", mechanism,
        "sasl.jaas.config", line);
  }

  @Test
  void storeThatCanBeRead_isRight() {
    assertThat(refused(trust(trust, "right"))).isEmpty();
  }

  @Test
  void trustStoreThatIsNotThere_isRefused() {
    var none = folder.resolve("none.p12");
    assertThat(refused(trust(none, "right")))
        .containsExactly("properties.ssl.truststore.location: there is no readable file " + none);
  }

  @Test
  void trustStoreThatIsAFolder_isRefused() {
    assertThat(refused(trust(folder, "right")))
        .containsExactly("properties.ssl.truststore.location: there is no readable file " + folder);
  }

  @Test
  void wrongPasswordOfATrustStore_isRefused() {
    assertThat(refused(trust(trust, "wrong")))
        .singleElement()
        .asString()
        .startsWith("properties.ssl.truststore.location: ")
        .contains("password was incorrect");
  }

  @Test
  void trustStoreThatIsNone_isRefused() {
    assertThat(refused(trust(files.certificate(), "right")))
        .singleElement()
        .asString()
        .startsWith("properties.ssl.truststore.location: ");
  }

  @Test
  void keyStoreThatIsNotThere_isRefusedBesideTheTrustStore() {
    assertThat(
            refused(
                Map.of(
                    "security.protocol", "sasl_ssl",
                    "sasl.mechanism", "PLAIN",
                    "sasl.jaas.config", LINE,
                    "ssl.keystore.location", "/none.jks",
                    "ssl.keystore.password", "p",
                    "ssl.truststore.location", "/none-either.jks")))
        .hasSize(2)
        .contains("properties.ssl.keystore.location: there is no readable file /none.jks")
        .contains("properties.ssl.truststore.location: there is no readable file /none-either.jks");
  }

  @Test
  void certificatesThatAreNone_areRefused() {
    assertThat(
            refused(
                Map.of(
                    "security.protocol", "SSL",
                    "ssl.truststore.type", "PEM",
                    "ssl.truststore.certificates", "none")))
        .singleElement()
        .asString()
        .startsWith("properties.ssl.truststore.certificates: ");
  }

  @Test
  void protocolOfTlsThatIsNone_isRefused() {
    assertThat(refused(Map.of("security.protocol", "SSL", "ssl.protocol", "TLSv9")))
        .singleElement()
        .asString()
        .startsWith("properties.ssl.protocol: ")
        .contains("TLSv9");
  }

  @ParameterizedTest
  @CsvSource({"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
  void loginThatCanBeUsed_isRight(String mechanism) {
    assertThat(refused(login(mechanism, LINE))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "required;",
        "x",
        "PLAIN required username=\"u\" password=\"hunter2\"",
        "PLAIN needed username=\"u\" password=\"hunter2\";",
        "PLAIN required username=\"u\" password=hunter1 hunter2;",
        "PLAIN required username=\"u\" password=\"hun\"hunter2\";",
      })
  void lineThatDoesNotParse_isRefusedWithoutThePassword(String line) {
    assertThat(refused(login("PLAIN", line.replace("PLAIN", PLAIN))))
        .singleElement()
        .asString()
        .startsWith("properties.sasl.jaas.config: is no JAAS line, as CLASS required username=")
        .doesNotContain("hunter");
  }

  @Test
  void moduleThatIsNotThere_isRefused() {
    assertThat(refused(login("PLAIN", "org.apache.kafka.NoModule required;")))
        .singleElement()
        .asString()
        .startsWith("properties.sasl.jaas.config: cannot be used: ")
        .contains("org.apache.kafka.NoModule");
  }

  @Test
  void missingLogin_isRefused() {
    assertThat(refused(Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN")))
        .containsExactly("properties.sasl.mechanism: PLAIN needs a login: set sasl.jaas.config");
  }

  @ParameterizedTest
  @CsvSource({"SCRAM", "scram-sha-256", "PLAIN2"})
  void mechanismThatIsNone_isRefused(String mechanism) {
    assertThat(refused(login(mechanism, LINE)))
        .containsExactly(
            "properties.sasl.mechanism: "
                + mechanism
                + " is not allowed; one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, GSSAPI,"
                + " OAUTHBEARER");
  }

  @Test
  void loginThatAsksOthers_isNotTried() {
    var module = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule";
    assertThat(
            refused(
                Map.of(
                    "security.protocol", "SASL_PLAINTEXT",
                    "sasl.mechanism", "OAUTHBEARER",
                    "sasl.oauthbearer.token.endpoint.url", "https://token.invalid/",
                    "sasl.jaas.config", module + " required clientId=\"c\" clientSecret=\"s\";")))
        .isEmpty();
  }

  @Test
  void mechanismOfTheOperatorsOwn_isTaken() {
    assertThat(refused(login("OWN", "org.example.OwnModule required;"))).isEmpty();
  }

  @Test
  void valueOfAProvider_isTakenAsItIs() {
    assertThat(refused(login("PLAIN", "${file:/secrets:line}"))).isEmpty();
  }
}
