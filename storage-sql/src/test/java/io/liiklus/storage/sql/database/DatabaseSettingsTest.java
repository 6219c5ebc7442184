package io.liiklus.storage.sql.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.storage.sql.TestSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {

  @Test
  void emptyUrl_isTheEmbeddedFile() {
    var read = DatabaseSettings.read(TestSettings.of(""));
    assertThat(read.isEmbedded()).isTrue();
    assertThat(read.file()).contains(Path.of("data/liiklus.db"));
  }

  @Test
  void fileOfAUrl_isTaken() {
    var read = DatabaseSettings.read(TestSettings.of(" jdbc:sqlite:/var/lib/liiklus/a b.db "));
    assertThat(read.file()).contains(Path.of("/var/lib/liiklus/a b.db"));
  }

  @Test
  void server_hasNoFile() {
    var settings = TestSettings.of("jdbc:postgresql://h1,h2/db?targetServerType=primary");
    assertThat(DatabaseSettings.read(settings).isEmbedded()).isFalse();
    assertThat(settings.refused()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data/liiklus.db",
        "jdbc:mysql://host/db",
        "jdbc:sqlite:",
        "jdbc:sqlite::memory:",
        "jdbc:sqlite:file:a.db",
        "jdbc:sqlite:a.db?mode=memory",
        "postgresql://host/db",
        "jdbc:postgresql:host:5432",
        "jdbc:postgresql://host:port/db",
        "jdbc:postgresql://host:0/db"
      })
  void otherUrl_isRefusedNamingTheForms(String url) {
    var settings = TestSettings.of(url);
    DatabaseSettings.read(settings);
    assertThat(settings.refused()).hasSize(1);
    assertThat(settings.refused().get(0))
        .startsWith("url: must be empty")
        .contains("jdbc:sqlite:FILE", "jdbc:postgresql://HOST:PORT/DATABASE");
  }

  @Test
  void userInTheUrl_isRefusedNamingTheSettings() {
    var settings = TestSettings.of("jdbc:postgresql://me:secret@host:5432/db?ssl=true");
    DatabaseSettings.read(settings);
    assertThat(settings.refused())
        .containsExactly("url: has a user; it goes into sql.user, its password into sql.password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://host/db",
        "jdbc:postgresql://h1:5432,h2:5433/db?targetServerType=primary",
        "jdbc:postgresql://[::1]:5432/db?options=a@b"
      })
  void server_isTaken(String url) {
    var settings = TestSettings.of(url);
    assertThat(DatabaseSettings.read(settings).isEmbedded()).isFalse();
    assertThat(settings.refused()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Upper_", "9x", "a-b", "x;drop", "a23456789012345678901234567890x"})
  void prefixThatIsNoName_isRefused(String prefix) {
    var settings = TestSettings.of("").with("tablePrefix", prefix);
    DatabaseSettings.read(settings);
    assertThat(settings.refused()).hasSize(1);
  }

  @Test
  void password_isInNoText() {
    var settings = TestSettings.of("").with("user", "name").with("password", "secret");
    assertThat(DatabaseSettings.read(settings).toString())
        .contains("name")
        .doesNotContain("secret");
  }
}
