package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
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
    assertThat(tls)
        .isEqualTo(
            new TlsSettings(Path.of(key), "hunter2", Path.of(chain), null, Duration.ofSeconds(10)));
    assertThat(tls.toString()).doesNotContain("hunter2");
  }

  @Test
  void fileUris_arePaths() {
    start().write("tls/a name.pem", "c");
    var tls =
        start()
            .arguments("--grpc.tls.key=file:" + key, "--grpc.tls.keyCertChain=file://" + chain)
            .arguments("--grpc.tls.trustCert=file:" + home + "/tls/a%20name.pem")
            .load()
            .server()
            .grpc()
            .tls();
    assertThat(tls.key()).isEqualTo(Path.of(key));
    assertThat(tls.keyCertChain()).isEqualTo(Path.of(chain));
    assertThat(tls.trustCert()).isEqualTo(home.resolve("tls/a name.pem"));
  }

  @Test
  void uriThatNamesNoFile_isRefused() {
    var start =
        start()
            .arguments("--grpc.tls.key=file:" + key)
            .arguments("--grpc.tls.keyCertChain=file://other.host/chain.pem");
    assertThat(start.refusals())
        .containsExactly(
            "grpc.tls.keyCertChain: is not a path: a file: URI names a file of this machine, no"
                + " host (from the command line)");
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
