package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.testing.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsSettingsTest {

  @TempDir Path home;

  private static TlsFiles files;
  private static TlsFiles others;

  private String key;
  private String chain;

  @BeforeAll
  static void create(@TempDir Path folder) throws IOException {
    files = TlsFiles.create(Files.createDirectory(folder.resolve("one")));
    others = TlsFiles.create(Files.createDirectory(folder.resolve("other")));
  }

  @BeforeEach
  void name() {
    key = home.resolve("tls/key.pem").toString();
    chain = home.resolve("tls/chain.pem").toString();
  }

  private Start start() {
    return new Start(home)
        .write("tls/key.pem", read(files.key()))
        .write("tls/chain.pem", read(files.certificate()));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private List<String> refusals(Start start) {
    return start.arguments("--grpc.tls.key=" + key, "--grpc.tls.keyCertChain=" + chain).refusals();
  }

  @Test
  void noKey_meansNoTls() {
    assertThat(start().server().grpc().tls()).isEmpty();
  }

  @Test
  void presentFiles_makeTls() {
    var tls =
        start()
            .write("tls/key.pem", files.encryptedKey("hunter2"))
            .arguments("--grpc.tls.key=" + key, "--grpc.tls.keyCertChain=" + chain)
            .arguments("--grpc.tls.keyPassword=hunter2")
            .server()
            .grpc()
            .tls()
            .orElseThrow();
    assertThat(tls)
        .isEqualTo(
            new io.liiklus.server.security.tls.TlsFiles(
                Path.of(chain), Path.of(key), "hunter2", null, Duration.ofSeconds(10)));
    assertThat(tls.toString()).doesNotContain("hunter2");
  }

  @Test
  void fileUris_arePaths() {
    start().write("tls/a name.pem", read(files.certificate()));
    var tls =
        start()
            .arguments("--grpc.tls.key=file:" + key, "--grpc.tls.keyCertChain=file://" + chain)
            .arguments("--grpc.tls.trustCert=file:" + home + "/tls/a%20name.pem")
            .server()
            .grpc()
            .tls()
            .orElseThrow();
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
  void missingFile_isRefused() {
    var start =
        start().arguments("--grpc.tls.key=" + key, "--grpc.tls.keyCertChain=" + chain + "x");
    assertThat(start.refusals())
        .containsExactly(
            "grpc.tls.keyCertChain: there is no readable file "
                + chain
                + "x (from the command line)");
  }

  @Test
  void keyWithoutCertificate_isRefused() {
    assertThat(start().arguments("--grpc.tls.key=" + key).refusals())
        .containsExactly(
            "grpc.tls.keyCertChain: is empty; tls.key and tls.keyCertChain go together");
  }

  @Test
  void certificateWithoutKey_isRefused() {
    assertThat(start().arguments("--grpc.tls.keyCertChain=" + chain).refusals())
        .containsExactly("grpc.tls.key: is empty; tls.key and tls.keyCertChain go together");
  }

  @Test
  void keyOfAnotherCertificate_isRefused() {
    assertThat(refusals(start().write("tls/key.pem", read(others.key()))))
        .containsExactly(
            "grpc.tls.key: does not belong to the first certificate of grpc.tls.keyCertChain (from"
                + " the command line)");
  }

  @Test
  void keyThatDoesNotParse_isRefused() {
    assertThat(refusals(start().write("tls/key.pem", read(files.certificate()))))
        .containsExactly(
            "grpc.tls.key: holds no RSA or EC key in PEM (PKCS 8), or grpc.tls.keyPassword is"
                + " missing (from the command line)");
  }

  @Test
  void passwordThatIsNotOfTheKey_isRefused() {
    var encrypted = files.encryptedKey("right");
    assertThat(
            refusals(
                start().write("tls/key.pem", encrypted).arguments("--grpc.tls.keyPassword=wrong")))
        .containsExactly(
            "grpc.tls.key: holds no RSA or EC key in PEM (PKCS 8), or grpc.tls.keyPassword is not"
                + " its password (from the command line)");
    assertThat(
            refusals(
                start().write("tls/key.pem", encrypted).arguments("--grpc.tls.keyPassword=right")))
        .isEmpty();
  }

  @Test
  void certificatesThatDoNotParse_areRefused() {
    assertThat(refusals(start().write("tls/chain.pem", "none")))
        .containsExactly(
            "grpc.tls.keyCertChain: holds no certificates in PEM, or damaged ones (from the command"
                + " line)");
    assertThat(
            refusals(
                start()
                    .write("tls/trust.pem", "none")
                    .arguments("--grpc.tls.trustCert=" + home.resolve("tls/trust.pem"))))
        .containsExactly(
            "grpc.tls.trustCert: holds no certificates in PEM, or damaged ones (from the command"
                + " line)");
  }

  @Test
  void passwordWithoutAKey_isRefused() {
    assertThat(start().arguments("--grpc.tls.keyPassword=hunter2").refusals())
        .containsExactly(
            "grpc.tls.keyPassword: needs tls.key and tls.keyCertChain (from the command line)");
  }
}
