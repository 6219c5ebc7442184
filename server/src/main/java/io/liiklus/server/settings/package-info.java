/**
 * Sources of every value, and the refusal of invalid ones.
 *
 * <pre>
 *   weak                                                                       strong
 *   reference.conf  <  the file  <  environment  <  system properties  <  command line
 *        |                 \____________________ _______________________________/
 *    KnownKeys                                  V
 *        '------------------------------> MergedValues -> SettingsView, for each part
 * </pre>
 *
 * The references say which keys there are: a leaf is a key with its default, an empty block ({@code
 * properties {}}) is an open map, in which any name is allowed. A source that names anything else
 * is reported. What is wrong is noted in {@code Diagnostics} while reading goes on, so that one
 * start names everything.
 *
 * <p>{@link io.liiklus.server.settings.Configuration} reads twice: first to learn where the plugins
 * are, then again with their references. The settings library is used in this package alone; the
 * parts of the gateway and the storages get {@link io.liiklus.api.Settings}.
 */
package io.liiklus.server.settings;
