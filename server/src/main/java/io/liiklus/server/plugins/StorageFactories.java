package io.liiklus.server.plugins;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageFactory;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All storages, processors and authorizers, found once, at start: on the class path, then in the
 * plugin jars. A faulty jar becomes a {@linkplain #problems problem}, a line for the operator, and
 * the search goes on, so that one start names all of them. Confined to the thread that starts and
 * ends the process.
 */
public final class StorageFactories implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StorageFactories.class);
  private static final String CLASS_PATH = "the class path";

  private final FactoryList<RecordsStorage> records =
      new FactoryList<>("records", RecordsStorageFactory.class);
  private final FactoryList<PositionsStorage> positions =
      new FactoryList<>("positions", PositionsStorageFactory.class);
  private final ProcessorList processors = new ProcessorList();
  private final AuthorizerList authorizers = new AuthorizerList();
  private final List<Plugin> plugins = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private StorageFactories() {}

  /**
   * Looks for storages, processors and authorizers. The caller closes the result, after the
   * storages made of it.
   *
   * @param classPath the loader of the process, which also has the classes shared with plugins
   * @param jars of plugins, each of which gets a class loader of its own
   */
  public static StorageFactories find(ClassLoader classPath, List<Path> jars) {
    var found = new StorageFactories();
    found.problems.addAll(found.addProviders(new Origin(CLASS_PATH, classPath, false)));
    for (var jar : jars) {
      found.addPlugin(jar, classPath);
    }
    return found;
  }

  private void addPlugin(Path jar, ClassLoader host) {
    // The loader itself would take a file that is no jar for an empty one.
    try (var opened = new JarFile(jar.toFile())) {
      log.info("plugin, jar={} entries={}", jar, opened.size());
    } catch (NoSuchFileException gone) {
      problems.add("plugin " + jar + " is a link to a file that is not there");
      return;
    } catch (IOException failure) {
      problems.add("plugin " + jar + " is not a readable jar: " + failure.getMessage());
      return;
    }
    var loader = new PluginClassLoader(jar, host);
    var origin = new Origin("the plugin " + jar, loader, true);
    var failures = addProviders(origin);
    var roots = roots(origin);
    plugins.add(new Plugin(loader, roots));
    problems.addAll(failures);
    boolean isEmpty =
        roots.isEmpty()
            && processors.all().stream().noneMatch(found -> found.origin().equals(origin))
            && authorizers.all().stream().noneMatch(found -> found.origin().equals(origin));
    if (failures.isEmpty() && isEmpty) {
      problems.add(
          "plugin %s holds no storage, no processor and no authorizer: it names none in %s, %s, %s, %s"
              .formatted(
                  jar,
                  records.servicesFile(),
                  positions.servicesFile(),
                  ProcessorList.servicesFiles(),
                  AuthorizerList.servicesFile()));
    }
  }

  private List<String> addProviders(Origin origin) {
    var failures = new ArrayList<String>();
    records.addProviders(origin, failures);
    positions.addProviders(origin, failures);
    processors.addProviders(origin, failures);
    authorizers.addProviders(origin, failures);
    return failures;
  }

  /** Of all that a jar holds. */
  private List<String> roots(Origin origin) {
    var ofProcessors =
        processors.all().stream()
            .filter(found -> found.origin().equals(origin))
            .map(FoundProcessor::settingsRoot);
    var ofAuthorizers =
        authorizers.all().stream()
            .filter(found -> found.origin().equals(origin))
            .map(FoundAuthorizer::settingsRoot);
    var ofStorages = roots(found -> found.origin().equals(origin)).stream();
    return Stream.of(ofStorages, ofProcessors, ofAuthorizers)
        .flatMap(each -> each)
        .filter(root -> !root.isEmpty())
        .distinct()
        .toList();
  }

  private List<String> roots(Predicate<FoundFactory<?>> wanted) {
    return Stream.concat(records.all().stream(), positions.all().stream())
        .filter(wanted)
        .map(FoundFactory::settingsRoot)
        .distinct()
        .toList();
  }

  /** Roots of the settings of all storages, each once. */
  public List<String> settingsRoots() {
    return roots(any -> true);
  }

  public FactoryList<RecordsStorage> records() {
    return records;
  }

  public FactoryList<PositionsStorage> positions() {
    return positions;
  }

  public ProcessorList processors() {
    return processors;
  }

  public AuthorizerList authorizers() {
    return authorizers;
  }

  /** Plugins, one for each jar that could be opened. */
  public List<Plugin> plugins() {
    return List.copyOf(plugins);
  }

  /** Problems of the class path or a plugin, a line each. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** Closes the processors, and the plugin jars. Their classes must be in use no longer. */
  @Override
  public void close() throws IOException {
    processors.close();
    for (int i = plugins.size() - 1; i >= 0; i--) {
      plugins.get(i).close();
    }
  }
}
