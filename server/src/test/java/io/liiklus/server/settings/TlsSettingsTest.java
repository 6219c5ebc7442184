package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsSettingsTest {

  @TempDir Path home;

  private String key;
  private String chain;

  @BeforeEach
  void name() {
    key = home.resolve("tls/key.pem").toString();
    chain = home.resolve("tls/chain.pem").toString();
  }

  private Start start() {
    return new Start(home).write("tls/key.pem", "k").write("tls/chain.pem", "c");
  }

  @Test
  void withoutAKeyThereIsNoTls() {
    assertThat(start().load().server().grpc().tls()).isNull();
  }

  @Test
  void filesThatAreThereMakeTls() {
    var tls =
        start()
            .arguments("--grpc.tls.key=" + key, "--grpc.tls.keyCertChain=" + chain)
            .arguments("--grpc.tls.keyPassword=hunter2")
            .load()
            .server()
            .grpc()
            .tls();
    assertThat(tls).isEqualTo(new ServerSettings.TlsSettings(key, "hunter2", chain, ""));
    assertThat(tls.toString()).doesNotContain("hunter2");
  }

  @Test
  void fileThatIsNotThereIsRefused() {
    var start =
        start().arguments("--grpc.tls.key=" + key, "--grpc.tls.keyCertChain=" + chain + "x");
    assertThat(start.refusals())
        .containsExactly(
            "grpc.tls.keyCertChain: there is no readable file "
                + chain
                + "x (from the command line)");
  }

  @Test
  void keyWithoutACertificateIsRefused() {
    assertThat(start().arguments("--grpc.tls.key=" + key).refusals())
        .containsExactly(
            "grpc.tls.keyCertChain: is empty; tls.key and tls.keyCertChain go together");
  }

  @Test
  void certificateWithoutAKeyIsRefused() {
    assertThat(start().arguments("--grpc.tls.keyCertChain=" + chain).refusals())
        .containsExactly("grpc.tls.key: is empty; tls.key and tls.keyCertChain go together");
  }
}
