package io.liiklus.server.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The factories of one port, each type once. Confined to the thread that starts the process. */
final class FactoryList<F> {

  private final String name;
  private final Class<F> service;
  private final Function<F, String> type;
  private final Function<F, String> settingsRoot;
  private final List<FoundFactory<F>> all = new ArrayList<>();

  FactoryList(
      String name, Class<F> service, Function<F, String> type, Function<F, String> settingsRoot) {
    this.name = name;
    this.service = service;
    this.type = type;
    this.settingsRoot = settingsRoot;
  }

  String name() {
    return name;
  }

  Class<F> service() {
    return service;
  }

  /** Answers with what is wrong, if anything is; the factory is left out then. */
  Optional<String> add(F factory, String origin, ClassLoader loader) {
    var itsType = type.apply(factory);
    var itsRoot = settingsRoot.apply(factory);
    if (isBlank(itsType) || isBlank(itsRoot)) {
      return Optional.of(
          "%s has a %s storage without a type or a settings root: %s"
              .formatted(origin, name, factory.getClass().getName()));
    }
    var known = find(itsType);
    if (known.isPresent()) {
      return Optional.of(
          "the %s storage %s is there twice: from %s and from %s"
              .formatted(name, known.get().type(), known.get().origin(), origin));
    }
    all.add(new FoundFactory<>(capitals(itsType), itsRoot, factory, origin, loader));
    return Optional.empty();
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  private static String capitals(String type) {
    return type.strip().toUpperCase(Locale.ROOT);
  }

  Optional<FoundFactory<F>> find(String wanted) {
    var type = capitals(wanted);
    return all.stream().filter(found -> found.type().equals(type)).findFirst();
  }

  List<String> types() {
    return all.stream().map(FoundFactory::type).sorted().toList();
  }

  List<FoundFactory<F>> all() {
    return all;
  }
}
