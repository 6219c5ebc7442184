package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.ssl.ProgrammaticSslEngineFactory;
import com.datastax.oss.driver.api.core.ssl.SslEngineFactory;
import io.liiklus.api.Settings;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * TLS to the nodes, of PEM files that are read at the start. Immutable.
 *
 * @param verifiesHostname whether a certificate must have the name that is connected to
 */
record TlsSettings(SSLContext context, boolean verifiesHostname) {

  /** Empty without TLS, and where a file cannot be used: the settings have the reason then. */
  static Optional<TlsSettings> read(Settings settings) {
    boolean isEnabled = settings.flag("enabled");
    boolean verifies = settings.flag("verifyHostname");
    var trust = settings.readableFile("trustCert");
    var key = settings.readableFile("key");
    var chain = settings.readableFile("keyCertChain");
    if (!isEnabled) {
      for (var name : new String[] {"trustCert", "key", "keyCertChain"}) {
        if (settings.isGiven(name)) {
          settings.warn(name, "has no effect: tls.enabled is false");
        }
      }
      return Optional.empty();
    }
    if (settings.isGiven("key") != settings.isGiven("keyCertChain")) {
      settings.refuse("key", "key and keyCertChain belong together: set both, or none");
      return Optional.empty();
    }
    return context(settings, trust, key, chain).map(context -> new TlsSettings(context, verifies));
  }

  private static Optional<SSLContext> context(
      Settings settings, Optional<Path> trust, Optional<Path> key, Optional<Path> chain) {
    var builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    try {
      trust.ifPresent(file -> builder.trustManager(file.toFile()));
    } catch (IllegalArgumentException unusable) {
      settings.refuse("trustCert", "has no certificates in PEM: " + reason(unusable));
      return Optional.empty();
    }
    try {
      if (key.isPresent() && chain.isPresent()) {
        builder.keyManager(chain.get().toFile(), key.get().toFile());
      }
      return Optional.of(((JdkSslContext) builder.build()).context());
    } catch (IllegalArgumentException | SSLException unusable) {
      settings.refuse(
          "key", "no key and certificate in PEM that belong together: " + reason(unusable));
      return Optional.empty();
    }
  }

  private static String reason(Exception failure) {
    var cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage());
  }

  SslEngineFactory engines() {
    return new ProgrammaticSslEngineFactory(context, null, verifiesHostname);
  }
}
