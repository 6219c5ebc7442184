/**
 * Finds the storages by their type: on the class path, and in jars of the plugins folder, each of
 * which has a class loader of its own. The only reflection in the house.
 */
package io.liiklus.server.plugins;
