package io.liiklus.storage.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.MapSettings;
import io.liiklus.api.StorageContext;
import org.apache.pulsar.client.impl.auth.AuthenticationToken;
import org.junit.jupiter.api.Test;

class PulsarSettingsTest {

  private final MapSettings settings = TestSettings.of("pulsar://127.0.0.1:1");

  @Test
  void originalsKeys_areTaken() throws Exception {
    var given =
        settings
            .with("authPluginClassName", AuthenticationToken.class.getName())
            .with("authPluginParams.token", "a\"b");

    var read = PulsarSettings.read(given);

    assertThat(given.refused()).isEmpty();
    assertThat(read.authentication().getAuthData("host").getCommandData()).isEqualTo("a\"b");
    assertThat(read.namespace()).isEqualTo("public/default");
  }

  @Test
  void entryNumbers_goWithoutBatches() {
    assertThat(PulsarSettings.read(settings).batches()).isTrue();
    assertThat(PulsarSettings.read(settings.with("offsets", "entry")).batches()).isFalse();
  }

  @Test
  void wrongValues_areRefusedByName() {
    assertRefused("serviceUrl", "127.0.0.1:6650", "pulsar://HOST:PORT");
    assertRefused("adminUrl", "127.0.0.1:8080", "http://HOST:PORT");
    assertRefused("tenant", "a/b", "letters");
    assertRefused("authPluginClassName", "no.such.Class", "there is no authentication");
    assertRefused("authPluginParams.token", "t", "without authPluginClassName");
    assertRefused("maxRecordBytes", "65 MiB", "at most memoryLimit");
  }

  private void assertRefused(String key, String value, String reason) {
    var given = settings.with(key, value);
    var unused = PulsarSettings.read(given);
    assertThat(given.refused()).as(key).singleElement().asString().contains(reason);
  }

  @Test
  void positionsWithoutAStore_areRefusedByName() {
    var factory = new PulsarRecordsStorageFactory();
    assertThatThrownBy(() -> factory.open(settings, StorageContext.NONE))
        .hasMessageContaining("pulsar.groups.local");
    factory.open(settings.with("groups.local", "true"), StorageContext.NONE).close();
  }

  @Test
  void service_configuresTheStorage() {
    var factory = new PulsarRecordsStorageFactory();
    assertThat(factory.isConfigured(settings)).isTrue();
    assertThat(factory.isConfigured(TestSettings.of(""))).isFalse();
    assertThat(factory.place(settings)).isEqualTo("pulsar://127.0.0.1:1 public/default");
  }
}
