package io.liiklus.server.security;

import io.liiklus.api.Settings;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings below {@code grpc.auth}. Immutable.
 *
 * @param tokens empty: none are asked for
 * @param openServices full names of the services that need no credentials
 * @param areStreamsEnded whether a stream ends when its token expires
 * @param certificateName which name of a client's certificate is the principal's
 * @param isNameRequired whether a certificate without that name is refused
 */
public record AuthOptions(
    Optional<TokenOptions> tokens,
    Set<String> openServices,
    boolean areStreamsEnded,
    CertificateName certificateName,
    boolean isNameRequired) {

  private static final String NONE = "none";

  /** Words for services that come with gRPC. */
  private static final Map<String, Set<String>> SERVICES =
      Map.of(
          "health",
          Set.of("grpc.health.v1.Health"),
          "reflection",
          Set.of(
              "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"));

  public static AuthOptions read(Settings grpc) {
    return new AuthOptions(
        TokenOptions.read(grpc),
        openServices(grpc),
        grpc.flag("auth.endExpiredStreams"),
        CertificateName.valueOf(grpc.choice("auth.certificateName", "CN", "URI", "DNS")),
        grpc.isGiven("auth.certificateName"));
  }

  private static Set<String> openServices(Settings grpc) {
    var text = grpc.text("auth.openServices").strip().toLowerCase(Locale.ROOT);
    var open = new HashSet<String>();
    if (text.equals(NONE)) {
      return open;
    }
    var words = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    for (var word : words) {
      if (!SERVICES.containsKey(word)) {
        grpc.refuse(
            "auth.openServices",
            (word.isEmpty() ? "has an empty word" : word + " is not allowed")
                + "; health, reflection, or both with a comma between them, or none");
        return open;
      }
      open.addAll(SERVICES.get(word));
    }
    return Set.copyOf(open);
  }
}
