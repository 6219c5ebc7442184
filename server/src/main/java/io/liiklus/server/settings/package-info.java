/**
 * Where every setting comes from. From weak to strong: the {@code reference.conf} of each jar, the
 * file, the environment, system properties, the command line. The library that reads the files
 * stays in here; the rest of the process sees typed records, and storages the {@link
 * io.liiklus.api.Settings} below their own root.
 */
package io.liiklus.server.settings;
