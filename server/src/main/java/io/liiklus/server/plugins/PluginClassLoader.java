package io.liiklus.server.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Classes of one plugin. It shares {@code io.liiklus.api} and slf4j with the gateway, so that both
 * use the same types; all else comes from the plugin's own jar first, then from the JDK. It sees
 * nothing else of the gateway, so a plugin brings its own version of each library. Thread-safe.
 */
final class PluginClassLoader extends URLClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final List<String> SHARED = List.of("io.liiklus.api.", "org.slf4j.");

  private final Path jar;
  private final ClassLoader host;

  /**
   * @param host knows the shared classes
   */
  PluginClassLoader(Path jar, ClassLoader host) {
    super("plugin " + jar.getFileName(), new URL[] {url(jar)}, getPlatformClassLoader());
    this.jar = jar;
    this.host = host;
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  Path jar() {
    return jar;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      if (loaded == null) {
        loaded = isShared(name) ? host.loadClass(name) : ownElseJdk(name);
      }
      if (resolve) {
        resolveClass(loaded);
      }
      return loaded;
    }
  }

  private static boolean isShared(String name) {
    return SHARED.stream().anyMatch(name::startsWith);
  }

  private Class<?> ownElseJdk(String name) throws ClassNotFoundException {
    // No loader may define these, whatever a jar has.
    if (!name.startsWith("java.")) {
      try {
        return findClass(name);
      } catch (ClassNotFoundException notOurs) {
        // The JDK is asked next.
      }
    }
    return getParent().loadClass(name);
  }

  @Override
  public URL getResource(String name) {
    var own = findResource(name);
    return own != null ? own : getParent().getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    var all = new ArrayList<URL>(Collections.list(findResources(name)));
    all.addAll(Collections.list(getParent().getResources(name)));
    return Collections.enumeration(all);
  }
}
