package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A new key and its self-signed certificate, as PEM files. The JDK's keytool makes them, since the
 * JDK has no public class that makes certificates. Immutable.
 */
public record TlsFiles(Path certificate, Path key) {

  /** Of the key store that the PEM files are made of, beside them. */
  static final String PASSWORD = "for-tests";

  static final String STORE = "server.p12";
  private static final String ALIAS = "server";
  private static final String ENCRYPTION = "PBEWithSHA1AndDESede";

  /** It starts a JVM, which takes its time where many test runs share a processor. */
  private static final int KEYTOOL_BOUND_SECONDS = 120;

  /** Makes them in a folder that is there, for servers on this machine. */
  public static TlsFiles create(Path folder) {
    return create(folder, "CN=localhost", "dns:localhost,ip:127.0.0.1");
  }

  /**
   * Makes them in a folder that is there.
   *
   * @param subject as {@code CN=localhost}
   * @param names the alternative ones, as {@code dns:localhost,uri:spiffe://a/b}
   */
  public static TlsFiles create(Path folder, String subject, String names) {
    var storeFile = folder.resolve(STORE);
    try {
      runKeytool(folder, storeFile, subject, names);
      var store = KeyStore.getInstance(storeFile.toFile(), PASSWORD.toCharArray());
      var key = store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
      var certificate = store.getCertificate(ALIAS).getEncoded();
      return new TlsFiles(
          Files.writeString(folder.resolve("server.crt"), pem("CERTIFICATE", certificate)),
          Files.writeString(folder.resolve("server.key"), pem("PRIVATE KEY", key)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot read " + storeFile, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool runs", e);
    }
  }

  /** The key in PEM, encrypted. */
  public String encryptedKey(String password) {
    try {
      var base64 = Files.readString(key).replaceAll("-----.*-----", "");
      var encoded = Base64.getMimeDecoder().decode(base64);
      var cipher = Cipher.getInstance(ENCRYPTION);
      var secret = new PBEKeySpec(password.toCharArray());
      cipher.init(
          Cipher.ENCRYPT_MODE, SecretKeyFactory.getInstance(ENCRYPTION).generateSecret(secret));
      var encrypted = new EncryptedPrivateKeyInfo(cipher.getParameters(), cipher.doFinal(encoded));
      return pem("ENCRYPTED PRIVATE KEY", encrypted.getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt " + key, e);
    }
  }

  private static void runKeytool(Path folder, Path storeFile, String subject, String names)
      throws IOException, InterruptedException {
    var log = folder.resolve("keytool.log");
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keystore",
            storeFile.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-alias",
            ALIAS,
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-validity",
            "30",
            "-dname",
            subject,
            "-ext",
            "san=" + names);
    var keytool =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = keytool.waitFor(KEYTOOL_BOUND_SECONDS, TimeUnit.SECONDS);
    if (!ended || keytool.exitValue() != 0) {
      keytool.destroyForcibly();
      throw new IllegalStateException("keytool makes no key\n" + ServerProcess.tail(log));
    }
  }

  private static String pem(String type, byte[] bytes) {
    var lineEnd = "\n".getBytes(StandardCharsets.US_ASCII);
    var text = Base64.getMimeEncoder(64, lineEnd).encodeToString(bytes);
    return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
  }
}
