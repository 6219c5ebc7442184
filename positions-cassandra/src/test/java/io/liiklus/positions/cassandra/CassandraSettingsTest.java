package io.liiklus.positions.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.MapSettings;
import io.liiklus.api.StorageContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CassandraSettingsTest {

  private final MapSettings unset = TestSettings.defaults();

  @Test
  void contactPoints_areEnough() {
    var settings = unset.with("contactPoints", "a, b:9043 ,[::1]:9044,[fe80::1]");
    var read = CassandraSettings.read(settings).orElseThrow();
    assertThat(settings.refused()).isEmpty();
    assertThat(read.contactPoints().nodes())
        .extracting(node -> node.getHostString() + " " + node.getPort())
        .containsExactly("a 9042", "b 9043", "::1 9044", "fe80::1 9042");
    assertThat(read.keyspace().name()).isEqualTo("liiklus");
    assertThat(read.keyspace().replicas()).isEqualTo(Map.of(KeyspaceSettings.LOCAL, 3));
    assertThat(read.tls()).isEmpty();
  }

  @Test
  void replicas_mayBeNamedForEachDatacenter() {
    var settings = unset.with("contactPoints", "a").with("replication", "east:3, west-2:2");
    var read = CassandraSettings.read(settings).orElseThrow();
    assertThat(read.keyspace().replicas()).isEqualTo(Map.of("east", 3, "west-2", 2));
  }

  @ParameterizedTest
  @CsvSource({
    "contactPoints, ''",
    "contactPoints, 'a,'",
    "contactPoints, http://a",
    "contactPoints, a:0",
    "contactPoints, a:65536",
    "contactPoints, ::1",
    "keyspace, ''",
    "keyspace, 1a",
    "keyspace, a-b",
    "createKeyspace, maybe",
    "replication, 0",
    "replication, 10",
    "replication, 'a:3,a:2'",
    "replication, a",
    "createTables, x",
    "password, secret",
    "tls.enabled, x",
    "tls.verifyHostname, x",
    "consistency, ONE",
    "callTimeout, 49ms",
    "callTimeout, 2m",
    "maxPendingCalls, 0"
  })
  void valueOutsideItsBounds_isRefusedByName(String key, String value) {
    var settings = unset.with("contactPoints", "h").with(key, value);
    CassandraSettings.read(settings);
    var refused = key.equals("password") ? "user" : key;
    assertThat(settings.refused()).hasSize(1).first().asString().startsWith(refused + ": ");
  }

  @Test
  void fileThatIsNoCertificate_isRefusedByName(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("ca.pem"), "none").toString();
    var settings =
        unset
            .with("contactPoints", "h")
            .with("tls.enabled", "true")
            .with("tls.trustCert", file)
            .with("tls.keyCertChain", file);
    CassandraSettings.read(settings);
    assertThat(settings.refused())
        .containsExactly("tls.key: key and keyCertChain belong together: set both, or none");

    var alone =
        unset.with("contactPoints", "h").with("tls.enabled", "true").with("tls.trustCert", file);
    CassandraSettings.read(alone);
    assertThat(alone.refused())
        .singleElement()
        .asString()
        .startsWith("tls.trustCert: has no certificates in PEM: ");
  }

  @Test
  void fileWithoutTls_isWarnedOf(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("ca.pem"), "none").toString();
    var settings = unset.with("contactPoints", "h").with("tls.trustCert", file);
    assertThat(CassandraSettings.read(settings)).isPresent();
    assertThat(settings.warned())
        .containsExactly("tls.trustCert: has no effect: tls.enabled is false");
  }

  @Test
  void refusedSettings_openNothing() {
    assertThatThrownBy(
            () -> new CassandraPositionsStorageFactory().open(unset, StorageContext.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void reference_namesEveryKeyWithItsDefault() throws Exception {
    var file = Path.of("src/main/resources/reference.conf");
    var reference = Files.readString(file, StandardCharsets.UTF_8).replace("\"", "");
    TestSettings.DEFAULTS.forEach(
        (key, value) -> assertThat(reference).contains("\n  " + key + " = " + value + "\n"));
  }
}
