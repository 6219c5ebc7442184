package io.liiklus.server.plugins;

import io.liiklus.api.Authorizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;

/** The authorizers of plugins, each type once. Confined to the thread that starts the process. */
public final class AuthorizerList {

  /** The gateway's own, which is not looked for. */
  public static final String RULES = "RULES";

  private final List<FoundAuthorizer> all = new ArrayList<>();

  AuthorizerList() {}

  /** The file of a jar that names its providers. */
  static String servicesFile() {
    return "META-INF/services/" + Authorizer.class.getName();
  }

  /** Adds the providers of a place. Notes the problem of a faulty one, which is left out then. */
  void addProviders(Origin origin, List<String> problems) {
    try {
      origin.find(Authorizer.class, found -> add(found.get(), origin).ifPresent(problems::add));
    } catch (ServiceConfigurationError | LinkageError | RuntimeException failure) {
      problems.add(origin + " has a broken authorizer: " + FactoryList.reason(failure));
    }
  }

  private Optional<String> add(Authorizer found, Origin origin) {
    if (found.type() == null || found.type().isBlank()) {
      return Optional.of(
          origin + " has an authorizer without a type: " + found.getClass().getName());
    }
    var type = FactoryList.capitals(found.type());
    if (type.equals(RULES)) {
      return Optional.of(origin + " has an authorizer RULES, as the gateway's own is named");
    }
    var known = find(type);
    if (known.isPresent()) {
      return Optional.of(
          "the authorizer %s is there twice: from %s and from %s"
              .formatted(type, known.get().origin(), origin));
    }
    all.add(new FoundAuthorizer(type, found, origin));
    return Optional.empty();
  }

  /** The authorizer of this type, in any case. */
  public Optional<FoundAuthorizer> find(String wanted) {
    var type = FactoryList.capitals(wanted);
    return all.stream().filter(found -> found.type().equals(type)).findFirst();
  }

  /** The types of all, with the gateway's own first. */
  public List<String> types() {
    var types = new ArrayList<>(List.of(RULES));
    all.stream().map(FoundAuthorizer::type).sorted().forEach(types::add);
    return types;
  }

  public List<FoundAuthorizer> all() {
    return List.copyOf(all);
  }
}
