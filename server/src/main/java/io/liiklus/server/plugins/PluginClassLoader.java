package io.liiklus.server.plugins;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;

/**
 * Loads one plugin. From the gateway it sees the ports, slf4j and the JDK; everything else comes
 * from its own jar, whatever versions the gateway has. Thread-safe.
 */
final class PluginClassLoader extends URLClassLoader {

  private static final String[] SHARED = {"io.liiklus.api.", "org.slf4j."};

  private final ClassLoader gateway;

  PluginClassLoader(URL jar, ClassLoader gateway) {
    super("plugin " + jar, new URL[] {jar}, ClassLoader.getPlatformClassLoader());
    this.gateway = gateway;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    for (var prefix : SHARED) {
      if (name.startsWith(prefix)) {
        return gateway.loadClass(name);
      }
    }
    // The parent is the platform's loader, which has the JDK and nothing of ours.
    return super.loadClass(name, resolve);
  }

  /** Service files and references of the plugin alone. */
  @Override
  public URL getResource(String name) {
    return findResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return findResources(name);
  }
}
