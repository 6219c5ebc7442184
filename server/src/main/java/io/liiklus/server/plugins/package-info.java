/**
 * Search for storages, processors and authorizers: those on the class path and those in plugin
 * jars.
 *
 * <p>{@link io.liiklus.server.plugins.PluginJars} lists the jars, {@link
 * io.liiklus.server.plugins.PluginClassLoader} keeps each apart, {@link
 * io.liiklus.server.plugins.StorageFactories} asks {@link java.util.ServiceLoader} for their
 * factories and for authorizers, which it knows by type, and for processors, which it knows by
 * class. Nothing here reads a setting: the caller says where to look.
 */
package io.liiklus.server.plugins;
