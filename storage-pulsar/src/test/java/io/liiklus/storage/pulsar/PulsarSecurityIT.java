package io.liiklus.storage.pulsar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.MapSettings;
import io.liiklus.api.RecordingListener;
import io.liiklus.testing.PulsarServer;
import io.liiklus.testing.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.pulsar.client.impl.auth.AuthenticationToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS, and tokens that are refused and then granted. */
class PulsarSecurityIT {

  private static final byte[] KEY = "a secret of 32 bytes or more, ok".getBytes(UTF_8);

  @TempDir Path folder;

  private static String token(String subject) {
    try {
      var encoder = Base64.getUrlEncoder().withoutPadding();
      var head = encoder.encodeToString("{\"alg\":\"HS256\"}".getBytes(UTF_8));
      var body = encoder.encodeToString("{\"sub\":\"%s\"}".formatted(subject).getBytes(UTF_8));
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
      var text = head + "." + body;
      return text + "." + encoder.encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void flow(MapSettings settings) {
    var topic = Reading.newName();
    try (var gateway = new Reading(settings)) {
      gateway.publish(topic, null, "value");
      assertThat(Reading.read(gateway.join(topic, new RecordingListener()), 1))
          .containsExactly("value");
    }
  }

  @Test
  void brokerWithTls_isTrustedByItsCertificateAndName() {
    var files = TlsFiles.create(folder);
    try (var server = PulsarServer.startWithTls(files)) {
      var settings = TestSettings.of(server.tlsServiceUrl());
      flow(settings.with("tlsTrustCertsFilePath", files.certificate().toString()));

      try (var strange = new Reading(settings)) {
        assertThatThrownBy(() -> Reading.get(strange.storage().check())).isNotNull();
      }
    }
  }

  @Test
  void token_isReadAgainFromItsFileOnceItIsRight() throws IOException {
    var keyFile = Files.write(folder.resolve("key"), KEY);
    var tokenFile = Files.writeString(folder.resolve("token"), "wrong");
    try (var server = PulsarServer.startWithTokens(keyFile, token("admin"))) {
      var settings =
          TestSettings.of(server)
              .with("authPluginClassName", AuthenticationToken.class.getName())
              .with("authPluginParams.token", tokenFile.toUri().toString());
      try (var gateway = new Reading(settings)) {
        var topic = Reading.newName();
        assertThatThrownBy(() -> Reading.get(gateway.storage().check()))
            .hasMessageContaining("pulsar.authPluginParams");
        var waiting = gateway.send(topic, null, "value");

        Files.writeString(tokenFile, token("admin"));

        assertThat(Reading.get(waiting).offset()).isPositive();
        assertThat(Reading.read(gateway.join(topic, new RecordingListener()), 1))
            .containsExactly("value");
        Reading.get(gateway.storage().createTopic(topic + "-more", 2));
      }
      flow(settings);
      var stranger =
          settings.with("authPluginParams.token", token("stranger")).with("adminUrl", "");
      try (var gateway = new Reading(stranger)) {
        assertThatThrownBy(() -> gateway.publish(Reading.newName(), null, "value"))
            .hasMessageContaining("authoriz");
      }
    }
  }
}
