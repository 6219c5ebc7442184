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
 * Check of the properties for login and TLS: refuses stores that cannot be read, a JAAS line that
 * does not parse, an unknown mechanism. Makes no connection, and requests no ticket or token.
 * Immutable.
 */
final class KafkaSecurityCheck {

  private static final String PROTOCOL = CommonClientConfigs.SECURITY_PROTOCOL_CONFIG;
  private static final String MECHANISM = SaslConfigs.SASL_MECHANISM;
  private static final String JAAS = SaslConfigs.SASL_JAAS_CONFIG;

  /** Kafka's own. */
  private static final List<String> MECHANISMS =
      List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI", "OAUTHBEARER");

  /** Mechanisms whose login needs nothing beside the settings. */
  private static final Set<String> OFFLINE_MECHANISMS =
      Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

  /** Quotation in a text of Kafka's: a piece of the JAAS line, and so perhaps of the password. */
  private static final String QUOTED = "'[^']*'";

  private final Map<String, String> properties;
  private final String protocol;
  private final Settings settings;

  /**
   * @param properties of the operator, without those that the gateway sets, each allowed by itself
   * @param protocol in capitals
   */
  KafkaSecurityCheck(Map<String, String> properties, String protocol, Settings settings) {
    this.properties = new TreeMap<>(properties);
    this.protocol = protocol;
    this.settings = settings;
  }

  void check() {
    // An engine of the operator's own may look anywhere for its stores.
    if (protocol.endsWith("SSL")
        && !properties.containsKey(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG)) {
      checkTls();
    }
    if (protocol.startsWith("SASL_")) {
      checkLogin();
    }
  }

  /** Checks each store by itself first, so that the refusal names its key. */
  private void checkTls() {
    boolean isKeyRight =
        isStoreRight("ssl.keystore.location", name -> name.matches("ssl\\.key(store)?\\..*"));
    boolean isTrustRight =
        isStoreRight("ssl.truststore.location", name -> name.startsWith("ssl.truststore."));
    if (isKeyRight && isTrustRight) {
      whyNoTls(name -> name.startsWith("ssl."))
          .ifPresent(why -> refuse(first(name -> whyNoTls(name::equals).isPresent()), why));
    }
  }

  private boolean isStoreRight(String location, Predicate<String> isOfStore) {
    // The file first: Kafka would log a stack trace where there is none.
    var reason = whyNoFile(location).or(() -> whyNoTls(isOfStore));
    reason.ifPresent(
        why -> refuse(properties.containsKey(location) ? location : first(isOfStore), why));
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
          .ifPresent(why -> refuse(JAAS, "cannot be used: " + why));
    }
  }

  /** Returns whether a class of the operator's does the login, which may need a server. */
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

  /** Builds the factory of a client's connections, and no connection. */
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

  /** Configuration of a client with some of the properties, which is never opened. */
  private Map<String, Object> config(Predicate<String> isWanted) {
    var config = new HashMap<String, Object>(properties);
    config.keySet().removeIf(isWanted.negate());
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
    return config;
  }

  /** Texts of a failure and its causes, each once. */
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
