package io.liiklus.server.security;

import io.liiklus.server.security.jwt.TokenRules;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** The name in a client's certificate that is its principal's. Immutable. */
public enum CertificateName {
  /** The common name of the subject; of several the most specific. */
  CN,
  /** The first URI of the subject's alternative names, as SPIFFE has it. */
  URI,
  /** The first DNS name of the subject's alternative names. */
  DNS;

  /** Numbers of the kinds of names, by RFC 5280, 4.2.1.6. */
  private static final int DNS_KIND = 2;

  private static final int URI_KIND = 6;

  /** Empty where the certificate has none that may stand in logs and rules. */
  public Optional<String> of(X509Certificate certificate) {
    return find(certificate).filter(TokenRules::isName);
  }

  private Optional<String> find(X509Certificate certificate) {
    return switch (this) {
      case CN -> commonName(certificate);
      case URI -> alternative(certificate, URI_KIND);
      case DNS -> alternative(certificate, DNS_KIND);
    };
  }

  private static Optional<String> commonName(X509Certificate certificate) {
    try {
      var parts = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
      // The least specific part is the first.
      for (int i = parts.size() - 1; i >= 0; i--) {
        var part = parts.get(i);
        if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
          return Optional.of(name);
        }
      }
      return Optional.empty();
    } catch (InvalidNameException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<String> alternative(X509Certificate certificate, int kind) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return Optional.empty();
      }
      return names.stream()
          .filter(name -> name.get(0).equals(kind))
          .map(name -> (String) name.get(1))
          .findFirst();
    } catch (CertificateParsingException unreadable) {
      return Optional.empty();
    }
  }
}
