package io.liiklus.server.plugins;

import io.liiklus.api.StorageFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceConfigurationError;

/**
 * Factories of one kind of storage, each type once. Confined to the thread that starts the process.
 */
public final class FactoryList<S extends AutoCloseable> {

  private final String kind;
  private final Class<? extends StorageFactory<S>> service;
  private final List<FoundFactory<S>> all = new ArrayList<>();

  /**
   * @param kind as in "a records storage"
   * @param service the interface by which providers are registered
   */
  FactoryList(String kind, Class<? extends StorageFactory<S>> service) {
    this.kind = kind;
    this.service = service;
  }

  /** The file of a jar that names its providers. */
  String servicesFile() {
    return "META-INF/services/" + service.getName();
  }

  /** Adds the providers of a place. Notes the problem of a faulty one, which is left out then. */
  void addProviders(Origin origin, List<String> problems) {
    try {
      origin.find(service, found -> add(found.get(), origin).ifPresent(problems::add));
    } catch (ServiceConfigurationError | LinkageError | RuntimeException failure) {
      problems.add(origin + " has a broken " + kind + " storage: " + reason(failure));
    }
  }

  static String reason(Throwable failure) {
    var cause = failure.getCause();
    return cause == null ? failure.toString() : failure.getMessage() + " (" + cause + ")";
  }

  private Optional<String> add(StorageFactory<S> factory, Origin origin) {
    var type = factory.type();
    var root = factory.settingsRoot();
    if (isBlank(type) || isBlank(root)) {
      return Optional.of(
          "%s has a %s storage without a type or a settings root: %s"
              .formatted(origin, kind, factory.getClass().getName()));
    }
    var known = find(type);
    if (known.isPresent()) {
      return Optional.of(
          "the %s storage %s is there twice: from %s and from %s"
              .formatted(kind, known.get().type(), known.get().origin(), origin));
    }
    all.add(new FoundFactory<>(capitals(type), root, factory, origin));
    return Optional.empty();
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  /** A type as factories are known by. */
  public static String capitals(String type) {
    return type.strip().toUpperCase(Locale.ROOT);
  }

  /** The storage of this type, in any case. */
  public Optional<FoundFactory<S>> find(String wanted) {
    var type = capitals(wanted);
    return all.stream().filter(found -> found.type().equals(type)).findFirst();
  }

  /** The types of all, sorted. */
  public List<String> types() {
    return all.stream().map(FoundFactory::type).sorted().toList();
  }

  /** The types of those whose contents outlive the process, sorted. */
  public List<String> durableTypes() {
    return all.stream()
        .filter(found -> found.factory().isDurable())
        .map(FoundFactory::type)
        .sorted()
        .toList();
  }

  public List<FoundFactory<S>> all() {
    return List.copyOf(all);
  }
}
