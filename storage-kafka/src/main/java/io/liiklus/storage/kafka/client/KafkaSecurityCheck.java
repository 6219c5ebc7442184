package io.liiklus.storage.kafka.client;

import io.liiklus.api.Settings;
import io.liiklus.storage.fault.Causes;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.sasl.Sasl;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;

/**
 * Refuses what a client needs to log in and to speak TLS where it cannot work: stores that cannot
 * be read, a JAAS line that does not parse, a mechanism that nobody has. Makes no connection: a
 * ticket or a token is not asked for. Immutable.
 */
final class KafkaSecurityCheck {

  private static final String PROTOCOL = CommonClientConfigs.SECURITY_PROTOCOL_CONFIG;
  private static final String MECHANISM = SaslConfigs.SASL_MECHANISM;
  private static final String JAAS = SaslConfigs.SASL_JAAS_CONFIG;

  /** Kafka's own. */
  private static final List<String> MECHANISMS =
      List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI", "OAUTHBEARER");

  /** Of these, what a login takes is all in the settings. */
  private static final Set<String> OFFLINE_MECHANISMS =
      Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

  /** A text of Kafka's may quote a piece of the line there, and so of the password. */
  private static final String QUOTED = "'[^']*'";

  private final Map<String, String> properties;
  private final Settings settings;

  /**
   * @param properties what the operator set and the gateway does not, each allowed by itself
   */
  KafkaSecurityCheck(Map<String, String> properties, Settings settings) {
    this.properties = new TreeMap<>(properties);
    this.settings = settings;
  }

  void check() {
    if (properties.values().stream().anyMatch(KafkaPropertyCheck::isToBeResolved)) {
      return;
    }
    var protocol = KafkaPropertyCheck.protocol(properties);
    // An engine of the operator's own may look anywhere for its stores.
    if (protocol.endsWith("SSL")
        && !properties.containsKey(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG)) {
      checkTls();
    }
    if (protocol.startsWith("SASL_")) {
      checkLogin();
    }
  }

  /** A store by itself first, so that the key that is named is that of the store. */
  private void checkTls() {
    boolean isKeyRight =
        isStoreRight("ssl.keystore.location", name -> name.matches("ssl\\.key(store)?\\..*"));
    boolean isTrustRight =
        isStoreRight("ssl.truststore.location", name -> name.startsWith("ssl.truststore."));
    if (isKeyRight && isTrustRight) {
      whyNoTls(name -> name.startsWith("ssl."))
          .ifPresent(told -> refuse(first(name -> whyNoTls(name::equals).isPresent()), told));
    }
  }

  private boolean isStoreRight(String location, Predicate<String> isOfStore) {
    // Looked for first: Kafka would log a stack trace where there is none.
    var reason = whyNoFile(location).or(() -> whyNoTls(isOfStore));
    reason.ifPresent(
        told -> refuse(properties.containsKey(location) ? location : first(isOfStore), told));
    return reason.isEmpty();
  }

  private Optional<String> whyNoFile(String location) {
    var file = properties.getOrDefault(location, "").strip();
    return file.isEmpty() || isReadableFile(file)
        ? Optional.empty()
        : Optional.of("there is no readable file " + file);
  }

  private static boolean isReadableFile(String name) {
    try {
      var file = Path.of(name);
      return Files.isReadable(file) && !Files.isDirectory(file);
    } catch (InvalidPathException none) {
      return false;
    }
  }

  private Optional<String> whyNoTls(Predicate<String> isWanted) {
    return whyNoChannel("SSL", name -> name.startsWith("ssl.") && isWanted.test(name));
  }

  private void checkLogin() {
    var mechanism = properties.getOrDefault(MECHANISM, SaslConfigs.DEFAULT_SASL_MECHANISM).strip();
    boolean areModulesKafkas;
    try {
      var values = new AdminClientConfig(config(JAAS::equals)).values();
      areModulesKafkas =
          JaasContext.loadClientContext(values).configurationEntries().stream()
              .map(AppConfigurationEntry::getLoginModuleName)
              .allMatch(module -> module.startsWith("org.apache.kafka."));
    } catch (RuntimeException failure) {
      if (properties.containsKey(JAAS)) {
        refuse(
            JAAS,
            "is no JAAS line, as CLASS required username=\"…\" password=\"…\"; is one: "
                + reason(failure).replaceAll(QUOTED, "…"));
      } else {
        refuse(MECHANISM, mechanism + " needs a login: set sasl.jaas.config");
      }
      return;
    }
    if (areModulesKafkas && !isKnownMechanism(mechanism)) {
      refuse(
          properties.containsKey(MECHANISM) ? MECHANISM : PROTOCOL,
          mechanism + " is not allowed; one of " + String.join(", ", MECHANISMS));
    } else if (OFFLINE_MECHANISMS.contains(mechanism) && !isOwnLogin()) {
      whyNoChannel("SASL_PLAINTEXT", name -> name.startsWith("sasl."))
          .ifPresent(told -> refuse(JAAS, "cannot be used: " + told));
    }
  }

  /** A class of the operator's may ask anybody for a login. */
  private boolean isOwnLogin() {
    return properties.containsKey(SaslConfigs.SASL_LOGIN_CLASS)
        || properties.containsKey(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS);
  }

  private boolean isKnownMechanism(String mechanism) {
    return MECHANISMS.contains(mechanism)
        || properties.containsKey(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS)
        || Collections.list(Sasl.getSaslClientFactories()).stream()
            .anyMatch(factory -> List.of(factory.getMechanismNames(Map.of())).contains(mechanism));
  }

  /** Makes what a client makes its connections with, and none of these. */
  private Optional<String> whyNoChannel(String protocol, Predicate<String> isWanted) {
    try {
      var config = config(isWanted);
      config.put(PROTOCOL, protocol);
      ClientUtils.createChannelBuilder(new AdminClientConfig(config), Time.SYSTEM, new LogContext())
          .close();
      return Optional.empty();
    } catch (RuntimeException failure) {
      return Optional.of(reason(failure));
    }
  }

  /** Of a client that is given these of the properties, and is never opened. */
  private Map<String, Object> config(Predicate<String> isWanted) {
    var config = new HashMap<String, Object>(properties);
    config.keySet().removeIf(isWanted.negate());
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
    return config;
  }

  /** With its causes, each text once. */
  private static String reason(Throwable failure) {
    var reason = new StringBuilder();
    for (var cause : Causes.of(failure)) {
      var text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      if (reason.indexOf(text) < 0) {
        reason.append(reason.isEmpty() ? "" : ": ").append(text);
      }
    }
    return reason.toString();
  }

  private String first(Predicate<String> isOfPart) {
    return properties.keySet().stream().filter(isOfPart).findFirst().orElse(PROTOCOL);
  }

  private void refuse(String name, String reason) {
    settings.refuse("properties." + name, reason);
  }
}
