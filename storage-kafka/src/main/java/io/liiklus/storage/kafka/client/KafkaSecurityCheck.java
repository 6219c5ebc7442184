package io.liiklus.storage.kafka.client;

import io.liiklus.api.Settings;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
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

  private static final String KAFKAS_MODULES = "org.apache.kafka.";

  /** A text of Kafka's may quote a piece of the line there, and so of the password. */
  private static final String QUOTED = "'[^']*'";

  private final Map<String, String> properties;
  private final Settings settings;

  private KafkaSecurityCheck(Map<String, String> properties, Settings settings) {
    this.properties = new TreeMap<>(properties);
    this.settings = settings;
  }

  /**
   * @param properties what the operator set and the gateway does not, each allowed by itself
   */
  static void check(Map<String, String> properties, Settings settings) {
    new KafkaSecurityCheck(properties, settings).check();
  }

  private void check() {
    var protocol =
        properties
            .getOrDefault(PROTOCOL, CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL)
            .strip()
            .toUpperCase(Locale.ROOT);
    boolean isKnown = properties.values().stream().noneMatch(KafkaPropertyCheck::isToBeResolved);
    // An engine of the operator's own may look anywhere for its stores.
    boolean isOwnEngine = properties.containsKey(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG);
    if (isKnown && protocol.endsWith("SSL") && !isOwnEngine) {
      checkTls();
    }
    if (isKnown && protocol.startsWith("SASL_")) {
      checkLogin();
    }
  }

  /** A part by itself first, so that the key that is named is that of the store. */
  private void checkTls() {
    var parts =
        Map.<String, Predicate<String>>of(
            SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG,
            name -> name.startsWith("ssl.truststore."),
            SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG,
            name -> name.startsWith("ssl.keystore.") || name.startsWith("ssl.key."));
    boolean isRight = true;
    for (var part : new TreeMap<>(parts).entrySet()) {
      var reason = whyNoTls(part.getValue());
      reason.ifPresent(told -> refuse(firstSet(part.getKey(), part.getValue()), told));
      isRight &= reason.isEmpty();
    }
    if (isRight) {
      whyNoTls(name -> name.startsWith("ssl.")).ifPresent(told -> refuse(wrongByItself(), told));
    }
  }

  private String wrongByItself() {
    return properties.keySet().stream()
        .filter(name -> name.startsWith("ssl."))
        .filter(name -> whyNoTls(name::equals).isPresent())
        .findFirst()
        .orElse(PROTOCOL);
  }

  private Optional<String> whyNoTls(Predicate<String> isOfPart) {
    var part = new HashMap<String, Object>();
    properties.forEach(
        (name, value) -> {
          if (isOfPart.test(name)) {
            part.put(name, value);
          }
        });
    part.put(PROTOCOL, "SSL");
    return whyNoChannel(part);
  }

  private void checkLogin() {
    var mechanism = properties.getOrDefault(MECHANISM, SaslConfigs.DEFAULT_SASL_MECHANISM).strip();
    List<String> modules;
    try {
      var line = properties.get(JAAS);
      var values = new AdminClientConfig(config(line == null ? Map.of() : Map.of(JAAS, line)));
      modules =
          JaasContext.loadClientContext(values.values()).configurationEntries().stream()
              .map(entry -> entry.getLoginModuleName())
              .toList();
    } catch (RuntimeException failure) {
      refuse(
          properties.containsKey(JAAS) ? JAAS : MECHANISM,
          properties.containsKey(JAAS)
              ? "is no JAAS line, as CLASS required username=\"…\" password=\"…\"; is one: "
                  + reason(failure).replaceAll(QUOTED, "…")
              : mechanism + " needs a login: set sasl.jaas.config");
      return;
    }
    boolean areKafkas = modules.stream().allMatch(module -> module.startsWith(KAFKAS_MODULES));
    if (areKafkas && !isKnownMechanism(mechanism)) {
      refuse(
          properties.containsKey(MECHANISM) ? MECHANISM : PROTOCOL,
          mechanism + " is not allowed; one of " + String.join(", ", MECHANISMS));
    } else if (OFFLINE_MECHANISMS.contains(mechanism) && !isOwnLogin()) {
      whyNoLogin().ifPresent(told -> refuse(JAAS, "cannot be used: " + told));
    }
  }

  /** A class of the operator's may ask anybody for a login. */
  private boolean isOwnLogin() {
    return properties.containsKey(SaslConfigs.SASL_LOGIN_CLASS)
        || properties.containsKey(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS);
  }

  private Optional<String> whyNoLogin() {
    var login = new HashMap<String, Object>();
    properties.forEach(
        (name, value) -> {
          if (name.startsWith("sasl.")) {
            login.put(name, value);
          }
        });
    login.put(PROTOCOL, "SASL_PLAINTEXT");
    return whyNoChannel(login);
  }

  private boolean isKnownMechanism(String mechanism) {
    return MECHANISMS.contains(mechanism)
        || properties.containsKey(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS)
        || Collections.list(Sasl.getSaslClientFactories()).stream()
            .anyMatch(factory -> List.of(factory.getMechanismNames(Map.of())).contains(mechanism));
  }

  /** Makes what a client makes its connections with, and none of these. */
  private static Optional<String> whyNoChannel(Map<String, Object> security) {
    try {
      var config = new AdminClientConfig(config(security));
      ClientUtils.createChannelBuilder(config, Time.SYSTEM, new LogContext()).close();
      return Optional.empty();
    } catch (RuntimeException failure) {
      return Optional.of(reason(failure));
    }
  }

  private static Map<String, Object> config(Map<String, ?> security) {
    var config = new HashMap<String, Object>(security);
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
    return config;
  }

  /** With its causes, each text once. */
  private static String reason(Throwable failure) {
    var texts = new HashSet<String>();
    var reason = new StringBuilder();
    for (var cause : KafkaFailures.causes(failure)) {
      var text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      boolean isNew = texts.stream().noneMatch(told -> told.contains(text)) && texts.add(text);
      if (isNew) {
        reason.append(reason.isEmpty() ? "" : ": ").append(text);
      }
    }
    return reason.toString();
  }

  private String firstSet(String preferred, Predicate<String> isOfPart) {
    return properties.containsKey(preferred)
        ? preferred
        : properties.keySet().stream().filter(isOfPart).findFirst().orElse(PROTOCOL);
  }

  private void refuse(String name, String reason) {
    settings.refuse("properties." + name, reason);
  }
}
